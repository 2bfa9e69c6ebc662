import type { ListOptions, WatchEvent } from "#embedded/api/client.ts";
import type { KubeObject } from "#embedded/api/objects.ts";
import { expired } from "#embedded/apiserver/status/refusals.ts";
import type { StoreEvent } from "#embedded/apiserver/store/event-history.ts";
import { objectMatcher } from "./object-matcher.ts";
import { inServedVersion, listObjects, requireReached } from "./read-objects.ts";
import type { ResourceDefinition } from "./resource-definition.ts";
import type { ServerContext } from "./server-context.ts";

/** Where a watch begins: with what is there now, or after a write that the caller has already seen. */
export type WatchStart =
  | { readonly type: "current-state" }
  | { readonly type: "after"; readonly resourceVersion: number };

/** What a watcher wants to see, and from when on. */
export interface WatchRequest extends ListOptions {
  readonly start: WatchStart;
}

/** A running watch. Events come within the write that caused them, so nothing can slip in between. */
export interface Watch {
  /** What has to be sent before anything that the listener is called with. */
  readonly initial: readonly WatchEvent<KubeObject>[];
  /** The resourceVersion that `initial` leads up to. */
  readonly resourceVersion: number;
  stop(): void;
}

/** Starts telling `listener` what happens; throws 410 when the start is already forgotten. */
export function watchObjects(
  context: ServerContext,
  definition: ResourceDefinition,
  request: WatchRequest,
  listener: (event: WatchEvent<KubeObject>) => void,
): Watch {
  const { store } = context;
  const matches = objectMatcher(definition, request);
  const translate = (event: StoreEvent) => asSeenBy(definition, matches, event);
  const initial = initialEvents(context, definition, request, translate);
  const stop = store.subscribe(definition.collection, (event) => {
    const seen = translate(event);
    if (seen !== undefined) listener(seen);
  });
  return { initial, resourceVersion: store.resourceVersion, stop };
}

function initialEvents(
  context: ServerContext,
  definition: ResourceDefinition,
  { start, ...selection }: WatchRequest,
  translate: (event: StoreEvent) => WatchEvent<KubeObject> | undefined,
): readonly WatchEvent<KubeObject>[] {
  if (start.type === "current-state") {
    return listObjects(context, definition, selection).items.map(
      (object) => ({ type: "ADDED", object }) as const,
    );
  }
  requireReached(context, start.resourceVersion);
  const events = context.store.since(definition.collection, start.resourceVersion);
  if (events === undefined) {
    const oldest = context.store.oldestVersion(definition.collection);
    throw expired(`too old resource version: ${start.resourceVersion} (${oldest})`);
  }
  return events.map(translate).filter((event) => event !== undefined);
}

/** A selector sees an object arrive and leave, whatever the write itself was. */
function asSeenBy(
  definition: ResourceDefinition,
  matches: (object: KubeObject) => boolean,
  { type, object, previous }: StoreEvent,
): WatchEvent<KubeObject> | undefined {
  const now = type !== "DELETED" && matches(object);
  const before = previous !== undefined && matches(previous);
  const served = inServedVersion(definition, object);
  if (now) return { type: before ? "MODIFIED" : "ADDED", object: served };
  if (!before || previous === undefined) return undefined;
  if (type === "DELETED") return { type, object: served };
  // It lives on outside the selection: the watcher gets the last state it knew, at the new version.
  const { resourceVersion } = object.metadata;
  const last = { ...previous, metadata: { ...previous.metadata, resourceVersion } };
  return { type: "DELETED", object: inServedVersion(definition, last) };
}
