import type { EndpointSlice, Service } from "#embedded/api/objects.ts";
import { type DnsRecord, RECORD } from "./dns-message.ts";

/** Every name of the cluster ends like this. */
export const CLUSTER_DOMAIN = "cluster.local";

const REVERSE = ".in-addr.arpa";

/** What the names are made of. */
export interface NamedThings {
  service(namespace: string, name: string): Service | undefined;
  slices(namespace: string, name: string): readonly EndpointSlice[];
  services(): Iterable<Service>;
}

/**
 * The records of a name, none where the name is there but has none of that type, and undefined where there
 * is no such name; "foreign" for what other servers know. By Kubernetes' DNS specification:
 *
 *   SERVICE.NAMESPACE.svc.cluster.local            the Service's address, or those of its endpoints
 *   HOSTNAME.SERVICE.NAMESPACE.svc.cluster.local   one endpoint of a Service without an address
 *   _PORT._PROTOCOL.SERVICE.NAMESPACE.svc.…        a port, as SRV
 *   A-B-C-D.NAMESPACE.pod.cluster.local            the address A.B.C.D
 */
export function recordsOf(
  name: string,
  type: number,
  things: NamedThings,
): readonly DnsRecord[] | undefined | "foreign" {
  if (name.endsWith(REVERSE)) return pointers(name, things);
  if (name !== CLUSTER_DOMAIN && !name.endsWith(`.${CLUSTER_DOMAIN}`)) return "foreign";
  const labels = name.slice(0, -CLUSTER_DOMAIN.length - 1).split(".");
  const [kind, namespace = "", ...rest] = labels.toReversed();
  if (kind === "pod") return podRecords(rest);
  // A zone without records of its own: there are names below it.
  if (kind === "" || (kind === "svc" && rest.length === 0)) return [];
  if (kind !== "svc") return undefined;
  const [serviceName = "", ...part] = rest;
  const service = things.service(namespace, serviceName);
  if (service === undefined) return undefined;
  return serviceRecords(service, { part, type, domain: name }, things);
}

interface Asked {
  /** What stands before the Service, the nearest first. */
  readonly part: readonly string[];
  readonly type: number;
  readonly domain: string;
}

function serviceRecords(
  service: Service,
  { part, type, domain }: Asked,
  things: NamedThings,
): readonly DnsRecord[] | undefined {
  const { spec } = service;
  if (spec.type === "ExternalName") {
    const target = String(spec["externalName"] ?? "");
    return part.length === 0 ? alias(target, type, hiding(service, things)) : undefined;
  }
  const endpoints = endpointsOf(service, things);
  const isHeadless = (spec.clusterIP ?? "None") === "None";
  if (part.length === 2) return portRecords(service, part, domain);
  if (part.length > 2 || (part.length === 1 && !isHeadless)) return undefined;
  const [hostname] = part;
  const addresses =
    hostname !== undefined
      ? endpoints.filter((endpoint) => endpoint.hostname === hostname).map(({ address }) => address)
      : isHeadless
        ? endpoints.map(({ address }) => address)
        : [spec.clusterIP ?? ""];
  // A name that leads nowhere now is no name, as a client of it should hear at once.
  if (addresses.length === 0) return undefined;
  return type === RECORD.a
    ? [...new Set(addresses)].map((address) => ({ type: RECORD.a, address }))
    : [];
}

/** With what the other name leads to, if we know it; else whoever asks has to ask on. */
function alias(target: string, type: number, things: NamedThings): readonly DnsRecord[] {
  const there = type === RECORD.cname ? [] : recordsOf(target, type, things);
  const known = there === "foreign" || there === undefined ? [] : there;
  return [{ type: RECORD.cname, target }, ...known.map((record) => ({ owner: target, ...record }))];
}

/** Names that lead on in a circle lead nowhere. */
function hiding({ metadata }: Service, things: NamedThings): NamedThings {
  const { namespace = "default", name } = metadata;
  return {
    service: (inNamespace, called) =>
      inNamespace === namespace && called === name
        ? undefined
        : things.service(inNamespace, called),
    slices: (inNamespace, called) => things.slices(inNamespace, called),
    services: () => things.services(),
  };
}

function endpointsOf({ metadata, spec }: Service, things: NamedThings) {
  const { namespace = "default", name } = metadata;
  return things.slices(namespace, name).flatMap(({ endpoints }) =>
    (endpoints ?? []).flatMap(({ addresses, conditions, hostname }) => {
      const isShown = conditions?.ready !== false || spec.publishNotReadyAddresses === true;
      return isShown ? addresses.map((address) => ({ address, hostname })) : [];
    }),
  );
}

function portRecords({ spec }: Service, part: readonly string[], domain: string) {
  const [protocol, name] = part;
  const found = (spec.ports ?? []).filter(
    (port) =>
      `_${port.name ?? ""}` === name && `_${(port.protocol ?? "TCP").toLowerCase()}` === protocol,
  );
  if (found.length === 0) return undefined;
  const target = domain.split(".").slice(2).join(".");
  return found.map(({ port }) => ({ type: RECORD.srv, port, target }) as const);
}

function podRecords([dashed = "", ...more]: readonly string[]): readonly DnsRecord[] | undefined {
  const numbers = dashed.split("-");
  const isAddress = numbers.length === 4 && numbers.every((number) => Number(number) <= 255);
  if (!isAddress || more.length > 0) return undefined;
  return [{ type: RECORD.a, address: numbers.join(".") }];
}

function pointers(name: string, things: NamedThings): readonly DnsRecord[] | "foreign" {
  const address = name.slice(0, -REVERSE.length).split(".").toReversed().join(".");
  for (const { metadata, spec } of things.services()) {
    if (spec.clusterIP !== address) continue;
    const target = `${metadata.name}.${metadata.namespace}.svc.${CLUSTER_DOMAIN}`;
    return [{ type: RECORD.ptr, target }];
  }
  return "foreign";
}
