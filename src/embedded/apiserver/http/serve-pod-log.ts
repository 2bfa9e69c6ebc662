import type { Pod } from "#embedded/api/objects.ts";
import { getObject } from "#embedded/apiserver/registry/read-objects.ts";
import { methodNotAllowed } from "#embedded/apiserver/status/refusals.ts";
import { passFromKubelet } from "./ask-kubelet.ts";
import { kubeletOf } from "./kubelet-address.ts";
import { loggedContainer } from "./logged-container.ts";
import type { ObjectRequest } from "./serve-resource.ts";

/** Options that the kubelet, not the API server, acts upon. */
export const LOG_OPTIONS = [
  "follow",
  "previous",
  "sinceSeconds",
  "sinceTime",
  "timestamps",
  "tailLines",
  "limitBytes",
  "stream",
];

/** Streams a container's log from the kubelet of the pod's node, for as long as the client listens. */
export async function servePodLog(request: ObjectRequest): Promise<void> {
  const { serving, exchange, target, definition, name } = request;
  const { query } = exchange;
  if (exchange.request.method !== "GET") throw methodNotAllowed();
  const { namespace = "" } = target;
  const pod = getObject(serving.context, definition, { namespace, name }) as Pod;
  const container = loggedContainer(pod, query.get("container") ?? "");
  const kubelet = kubeletOf(serving.context, pod);
  const passed = new URLSearchParams([...query].filter(([key]) => LOG_OPTIONS.includes(key)));
  const path = `/containerLogs/${namespace}/${name}/${container}?${passed}`;
  await passFromKubelet(request, kubelet, path);
}
