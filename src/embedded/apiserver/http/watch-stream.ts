import { ApiError } from "#embedded/api/api-error.ts";
import type { WatchEvent } from "#embedded/api/client.ts";
import type { KubeObject } from "#embedded/api/objects.ts";
import { parseResourceVersion } from "#embedded/apiserver/registry/read-objects.ts";
import {
  apiVersionOf,
  type ResourceDefinition,
} from "#embedded/apiserver/registry/resource-definition.ts";
import {
  type Watch,
  type WatchStart,
  watchObjects,
} from "#embedded/apiserver/registry/watch-objects.ts";
import { statusOf } from "#embedded/apiserver/status/status-body.ts";
import type { HttpExchange, Serving } from "./exchange.ts";
import { listRequestOf } from "./request-options.ts";

/** How one event's object is shown; a Table needs to know whether it is the first. */
export type ShowObject = (object: KubeObject) => unknown;

interface WatchedResource {
  readonly definition: ResourceDefinition;
  readonly namespace: string | undefined;
  readonly show: ShowObject;
}

const MAX_UNREAD_BYTES = 64 * 1024 * 1024;
const BOOKMARK_EVERY_MS = 60_000;
/** What the server picks when the client names no timeout, in Kubernetes 30 to 60 minutes. */
const DEFAULT_TIMEOUT_SECONDS = 45 * 60;
/** Node's timers end at once beyond 2^31 ms. */
const MAX_TIMEOUT_SECONDS = 7 * 86_400;

/** Streams events as lines of JSON until the client leaves, the time is up, or the server stops. */
export function streamWatch(
  serving: Serving,
  { request, response, query }: HttpExchange,
  { definition, namespace, show }: WatchedResource,
): void {
  const plan = planOf(query, serving.context.store.resourceVersion);
  const { labelSelector = "", fieldSelector = "" } = listRequestOf(query, namespace);
  const selection = {
    labelSelector,
    fieldSelector,
    ...(namespace === undefined ? {} : { namespace }),
  };
  const send = (type: string, object: unknown) => {
    if (response.writableEnded) return;
    // A client that does not read is cut off and has to start again, as in Kubernetes.
    if (response.writableLength > MAX_UNREAD_BYTES) response.destroy();
    else response.write(`${JSON.stringify({ type, object })}\n`);
  };
  const sendEvent = ({ type, object }: WatchEvent<KubeObject>) => send(type, show(object));
  let watch: Watch;
  try {
    watch = watchObjects(
      serving.context,
      definition,
      { ...selection, start: plan.start },
      sendEvent,
    );
  } catch (error) {
    if (!(error instanceof ApiError && error.code === 410)) throw error;
    begin(response);
    send("ERROR", statusOf(error));
    response.end();
    return;
  }
  begin(response);
  for (const event of watch.initial) sendEvent(event);
  const bookmark = (annotations?: Record<string, string>) =>
    send("BOOKMARK", bookmarkOf(serving, definition, annotations));
  if (plan.announcesEnd) bookmark({ "k8s.io/initial-events-end": "true" });

  const ticking = plan.bookmarks ? setInterval(() => bookmark(), BOOKMARK_EVERY_MS) : undefined;
  const timeout = setTimeout(() => {
    if (plan.bookmarks) bookmark();
    end();
  }, plan.timeoutMs);
  const end = () => {
    clearInterval(ticking);
    clearTimeout(timeout);
    watch.stop();
    serving.stopping.removeEventListener("abort", end);
    response.end();
  };
  serving.stopping.addEventListener("abort", end);
  request.on("close", end);
  response.on("close", end);
}

interface WatchPlan {
  readonly start: WatchStart;
  readonly announcesEnd: boolean;
  readonly bookmarks: boolean;
  readonly timeoutMs: number;
}

function planOf(query: URLSearchParams, current: number): WatchPlan {
  const sendInitialEvents = query.get("sendInitialEvents");
  const match = query.get("resourceVersionMatch") ?? "";
  if (sendInitialEvents !== null && match !== "NotOlderThan") {
    throw invalidListOptions(
      "resourceVersionMatch: Forbidden: sendInitialEvents requires setting resourceVersionMatch to NotOlderThan",
    );
  }
  if (sendInitialEvents === null && match !== "") {
    throw invalidListOptions(
      "resourceVersionMatch: Forbidden: resourceVersionMatch is forbidden for watch unless sendInitialEvents is provided",
    );
  }
  const version = query.get("resourceVersion") ?? "";
  const isOpen = version === "" || version === "0";
  const wantsState = sendInitialEvents === "true" || (isOpen && sendInitialEvents === null);
  const resourceVersion = isOpen ? current : parseResourceVersion(version);
  const bookmarks = query.get("allowWatchBookmarks") === "true";
  const asked = Number(query.get("timeoutSeconds") ?? 0) || DEFAULT_TIMEOUT_SECONDS;
  const seconds = Math.min(asked, MAX_TIMEOUT_SECONDS);
  return {
    start: wantsState ? { type: "current-state" } : { type: "after", resourceVersion },
    announcesEnd: sendInitialEvents === "true" && bookmarks,
    bookmarks,
    timeoutMs: seconds * 1000,
  };
}

function invalidListOptions(problem: string): ApiError {
  return new ApiError(422, "Invalid", `ListOptions.meta.k8s.io "" is invalid: ${problem}`, {
    group: "meta.k8s.io",
    kind: "ListOptions",
  });
}

/** Headers go out before the first event: client-go's watch call returns only then. */
function begin(response: HttpExchange["response"]): void {
  response.writeHead(200, {
    "content-type": "application/json",
    "cache-control": "no-cache, private",
  });
  response.flushHeaders();
}

function bookmarkOf(
  { context }: Serving,
  definition: ResourceDefinition,
  annotations: Record<string, string> | undefined,
): unknown {
  const resourceVersion = String(context.store.resourceVersion);
  return {
    kind: definition.kind,
    apiVersion: apiVersionOf(definition),
    metadata: { resourceVersion, ...(annotations === undefined ? {} : { annotations }) },
  };
}
