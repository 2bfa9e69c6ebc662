import { getObject } from "#embedded/apiserver/registry/read-objects.ts";
import { badRequest, methodNotAllowed } from "#embedded/apiserver/status/refusals.ts";
import { passFromKubelet } from "./ask-kubelet.ts";
import { kubeletOn } from "./kubelet-address.ts";
import type { ObjectRequest } from "./serve-resource.ts";

/** `nodes/NAME/proxy/PATH`: what the node's kubelet shows there, for reading only. */
export async function serveNodeProxy(request: ObjectRequest): Promise<void> {
  const { serving, exchange, target, definition, name } = request;
  if (exchange.request.method !== "GET") throw methodNotAllowed();
  getObject(serving.context, definition, { name });
  const kubelet = kubeletOn(serving.context, name);
  if (kubelet === undefined) throw badRequest(`the kubelet of node ${name} has no address`);
  await passFromKubelet(request, kubelet, `${target.rest ?? "/"}?${exchange.query}`);
}
