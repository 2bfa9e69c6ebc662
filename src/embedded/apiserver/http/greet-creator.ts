import type { KubeObject } from "#embedded/api/objects.ts";
import type { ResourceDefinition } from "#embedded/apiserver/registry/resource-definition.ts";
import { type HttpExchange, warn } from "./exchange.ts";

/** Writes into a new object who has asked for it, and tells him what will not come of it here. */
export function greetCreator({
  exchange,
  definition: { creationWarning, rules },
  draft,
}: {
  readonly exchange: HttpExchange;
  readonly definition: ResourceDefinition;
  readonly draft: KubeObject;
}): void {
  if (creationWarning !== undefined) warn(exchange.response, [creationWarning]);
  rules.setAuthor?.(draft, exchange.user);
}
