import { ApiError } from "#embedded/api/api-error.ts";
import type { EndpointSlice, Pod, Service } from "#embedded/api/objects.ts";
import { getObject } from "#embedded/apiserver/registry/read-objects.ts";
import type { ServerContext } from "#embedded/apiserver/registry/server-context.ts";
import { badRequest } from "#embedded/apiserver/status/refusals.ts";
import { type KubeletAddress, kubeletOn } from "./kubelet-address.ts";
import type { ObjectRequest } from "./serve-resource.ts";

/** Who answers a proxied request. */
export interface ProxyTarget {
  readonly scheme: string;
  readonly host: string;
  readonly port: number;
  /** A kubelet answers this server alone. */
  readonly isKubelet: boolean;
}

/** Reads `[scheme:]name[:port]` and finds the address behind it. */
export function proxyTargetOf({ serving, target, definition, name }: ObjectRequest): ProxyTarget {
  const { context } = serving;
  const address = splitName(name);
  const where = { namespace: target.namespace ?? "", name: address.name };
  const found = getObject(context, definition, where);
  switch (definition.collection) {
    case "/nodes":
      return nodeAddress(context, address);
    case "/services":
      return endpointOf(context, found as Service, address);
    default:
      return podAddress(found as Pod, address);
  }
}

/** The kubelet, or another program that listens on the node. */
function nodeAddress(context: ServerContext, { scheme, name, port }: ProxyName): ProxyTarget {
  const kubelet = kubeletOfNode(context, name);
  if (port === "" || port === String(kubelet.port)) {
    return { scheme: "http", ...kubelet, isKubelet: true };
  }
  return { scheme, host: kubelet.host, port: Number(port), isKubelet: false };
}

function kubeletOfNode(context: ServerContext, name: string): KubeletAddress {
  const kubelet = kubeletOn(context, name);
  if (kubelet === undefined) throw badRequest(`the kubelet of node ${name} has no address`);
  return kubelet;
}

interface ProxyName {
  readonly scheme: string;
  readonly name: string;
  /** A number, or the name of a Service's port; empty for the only or the first one. */
  readonly port: string;
}

function splitName(text: string): ProxyName {
  const parts = text.split(":");
  if (parts.length > 3) throw badRequest(`invalid proxy request ${JSON.stringify(text)}`);
  const [scheme = "", name = "", port = ""] = parts.length === 3 ? parts : ["", ...parts];
  return { scheme: scheme === "" ? "http" : scheme, name, port };
}

function podAddress({ spec, status }: Pod, { scheme, port }: ProxyName): ProxyTarget {
  const host = status.podIP;
  if (host === undefined || host === "") throw badRequest("address not allowed");
  const ports = spec.containers.flatMap((container) => container.ports ?? []);
  const first = ports.find(({ protocol = "TCP" }) => protocol === "TCP")?.containerPort;
  const number = port === "" ? (first ?? 80) : Number(port);
  return { scheme, host, port: number, isKubelet: false };
}

/** Any ready endpoint of the Service's port. */
function endpointOf(
  { store, random }: ServerContext,
  { metadata, spec }: Service,
  { scheme, port }: ProxyName,
): ProxyTarget {
  const wanted = (spec.ports ?? []).find(
    ({ name = "", port: number }, _, all) =>
      port === name || port === String(number) || (port === "" && all.length === 1),
  );
  const unavailable = (why: string) =>
    new ApiError(503, "ServiceUnavailable", `${why} for service ${JSON.stringify(metadata.name)}`);
  if (wanted === undefined) throw unavailable(`no service port ${JSON.stringify(port)} found`);
  const slices = store
    .entries("discovery.k8s.io/endpointslices")
    .map(([, object]) => object as EndpointSlice)
    .filter(
      ({ metadata: { namespace, labels = {} } }) =>
        namespace === metadata.namespace && labels["kubernetes.io/service-name"] === metadata.name,
    );
  const addresses = slices.flatMap(({ endpoints, ports }) => {
    const number = ports?.find(({ name = "" }) => name === (wanted.name ?? ""))?.port;
    if (number === undefined) return [];
    const ready = (endpoints ?? []).filter(({ conditions }) => conditions.ready !== false);
    return ready.map(({ addresses: [host = ""] }) => ({ host, port: number }));
  });
  const chosen = addresses[Math.floor(random() * addresses.length)];
  if (chosen === undefined) throw unavailable("no endpoints available");
  return { scheme, ...chosen, isKubelet: false };
}
