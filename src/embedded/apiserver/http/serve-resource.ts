import type {
  ResourceDefinition,
  SpecPart,
} from "#embedded/apiserver/registry/resource-definition.ts";
import { noSuchPath } from "#embedded/apiserver/status/refusals.ts";
import { type HttpExchange, type Serving, warn } from "./exchange.ts";
import type { RequestTarget } from "./request-target.ts";
import { serveCollection } from "./serve-collection.ts";
import { serveObject } from "./serve-object.ts";
import { servePodLog } from "./serve-pod-log.ts";
import { serveBinding, serveEviction } from "./serve-pod-subresource.ts";
import { serveProxy } from "./serve-proxy.ts";
import { serveScale } from "./serve-scale.ts";
import { serveTokenRequest } from "./serve-token-request.ts";
import { upgradeRequired } from "./serve-upgrade.ts";

/** One request to one resource: the exchange, and what its path points at. */
export interface ResourceRequest {
  readonly serving: Serving;
  readonly exchange: HttpExchange;
  readonly target: RequestTarget;
  readonly definition: ResourceDefinition;
}

/** One request to one object. */
export type ObjectRequest = ResourceRequest & { readonly name: string };

/** Answers a request to a collection, to an object, or to one of its subresources. */
export async function serveResource(request: ResourceRequest): Promise<void> {
  const { name, subresource } = request.target;
  const { deprecation } = request.definition;
  if (deprecation !== undefined) warn(request.exchange.response, [deprecation]);
  if (name === undefined) return await serveCollection(request);
  const named = { ...request, name };
  if (subresource === undefined) return await serveObject(named, "main");
  const serve = SUBRESOURCES[subresource];
  if (serve === undefined || !serve.belongsTo(request.definition)) throw noSuchPath();
  await serve.answer(named);
}

interface SubresourceHandler {
  readonly belongsTo: (definition: ResourceDefinition) => boolean;
  readonly answer: (request: ObjectRequest) => Promise<void>;
}

async function refuseWithoutUpgrade(): Promise<void> {
  throw upgradeRequired();
}

const isPods = ({ collection }: ResourceDefinition) => collection === "/pods";

function specPart(part: SpecPart): SubresourceHandler {
  return {
    belongsTo: ({ rules }) => rules.parts?.[part] !== undefined,
    answer: (request) => serveObject(request, part),
  };
}

const SUBRESOURCES: Readonly<Record<string, SubresourceHandler>> = {
  status: {
    belongsTo: ({ hasStatus }) => hasStatus,
    answer: (request) => serveObject(request, "status"),
  },
  approval: {
    belongsTo: ({ hasApproval }) => hasApproval,
    answer: (request) => serveObject(request, "status"),
  },
  ephemeralcontainers: specPart("ephemeralcontainers"),
  resize: specPart("resize"),
  scale: { belongsTo: ({ hasScale }) => hasScale, answer: serveScale },
  finalize: {
    belongsTo: ({ collection }) => collection === "/namespaces",
    answer: (request) => serveObject(request, "finalize"),
  },
  proxy: {
    belongsTo: ({ collection }) => ["/pods", "/services", "/nodes"].includes(collection),
    answer: serveProxy,
  },
  attach: { belongsTo: isPods, answer: refuseWithoutUpgrade },
  exec: { belongsTo: isPods, answer: refuseWithoutUpgrade },
  portforward: { belongsTo: isPods, answer: refuseWithoutUpgrade },
  log: { belongsTo: isPods, answer: servePodLog },
  binding: { belongsTo: isPods, answer: serveBinding },
  eviction: { belongsTo: isPods, answer: serveEviction },
  token: {
    belongsTo: ({ collection }) => collection === "/serviceaccounts",
    answer: serveTokenRequest,
  },
};
