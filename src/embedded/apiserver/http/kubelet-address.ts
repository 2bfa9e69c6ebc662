import { ApiError } from "#embedded/api/api-error.ts";
import type { Node, Pod } from "#embedded/api/objects.ts";
import type { ServerContext } from "#embedded/apiserver/registry/server-context.ts";
import { badRequest } from "#embedded/apiserver/status/refusals.ts";

/** Where the kubelet listens that runs a pod. */
export interface KubeletAddress {
  readonly host: string;
  readonly port: number;
}

/** The kubelet of the pod's node, as the node itself tells; throws a 400 when it does not. */
export function kubeletOf(context: ServerContext, { metadata, spec }: Pod): KubeletAddress {
  const { nodeName = "" } = spec;
  const address = kubeletOn(context, nodeName);
  if (address !== undefined) return address;
  throw badRequest(
    `pod ${metadata.name} is on node ${JSON.stringify(nodeName)}, whose kubelet has no address`,
  );
}

/** Undefined for a node that is not there or does not tell where its kubelet listens. */
export function kubeletOn({ store }: ServerContext, nodeName: string): KubeletAddress | undefined {
  const node = store.get("/nodes", nodeName) as Node | undefined;
  // The order of a real server's --kubelet-preferred-address-types.
  const host = ["InternalDNS", "InternalIP"]
    .map((wanted) => node?.status.addresses?.find(({ type }) => type === wanted)?.address)
    .find((address) => address !== undefined);
  const endpoints = node?.status["daemonEndpoints"] as
    | { readonly kubeletEndpoint?: { readonly Port?: number } }
    | undefined;
  const port = endpoints?.kubeletEndpoint?.Port;
  return host === undefined || port === undefined ? undefined : { host, port };
}

/** A kubelet's refusal as the API server passes it on. */
export function kubeletRefusal(code: number, text: string): ApiError {
  if (code === 404) return new ApiError(404, "NotFound", text.trim(), {});
  return new ApiError(code, code === 400 ? "BadRequest" : "InternalError", text.trim());
}

/** The kubelet did not answer at all. */
export function kubeletUnreachable(
  { host, port }: KubeletAddress,
  path: string,
  error: unknown,
): ApiError {
  const why = error instanceof Error ? error.message : String(error);
  return new ApiError(500, "", `Get "http://${host}:${port}${path}": ${why}`);
}
