import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { Pod } from "#embedded/api/objects.ts";
import type { Mount } from "./file-tree/prepare-file-tree.ts";

/** The domain below which Services have their names. */
const DOMAIN = "cluster.local";

/** Names with fewer dots are looked for in the search domains first. */
const NDOTS = "ndots:5";

interface DnsConfig {
  readonly nameservers?: readonly string[];
  readonly searches?: readonly string[];
  readonly options?: readonly { readonly name: string; readonly value?: string }[];
}

/**
 * The files by which a pod's programs resolve names, written anew for its containers: /etc/hosts, unless the
 * pod has the host's network, and /etc/resolv.conf as its dnsPolicy says.
 */
export function podEtc(
  pod: Pod,
  place: {
    readonly directory: string;
    readonly podIP: string;
    /** Where the cluster's own DNS is asked; without one pods ask whom this machine asks. */
    readonly dns: string | undefined;
  },
): readonly Mount[] {
  const directory = join(place.directory, "etc");
  mkdirSync(directory, { recursive: true });
  const onHost = pod.spec["hostNetwork"] === true;
  const aliases = pod.spec["hostAliases"] as readonly HostAlias[] | undefined;
  const files = [
    ...(onHost && aliases === undefined
      ? []
      : [["hosts", onHost ? hostHosts(aliases) : hosts(pod, place.podIP, aliases)] as const]),
    ["resolv.conf", resolvConf(pod, place.dns)] as const,
  ];
  return files.map(([name, content]) => {
    const localPath = join(directory, name);
    writeFileSync(localPath, content);
    return { containerPath: `/etc/${name}`, localPath, readOnly: false };
  });
}

interface HostAlias {
  readonly ip: string;
  readonly hostnames?: readonly string[];
}

function hosts(pod: Pod, podIP: string, aliases: readonly HostAlias[] | undefined): string {
  const { name, namespace = "default" } = pod.metadata;
  const { hostname = name, subdomain } = pod.spec;
  const full = subdomain ? [`${hostname}.${subdomain}.${namespace}.svc.${DOMAIN}`] : [];
  return [
    "# Kubernetes-managed hosts file.",
    "127.0.0.1\tlocalhost",
    "::1\tlocalhost ip6-localhost ip6-loopback",
    [podIP, ...full, hostname].join("\t"),
    ...aliasLines(aliases),
  ]
    .join("\n")
    .concat("\n");
}

function hostHosts(aliases: readonly HostAlias[] | undefined): string {
  return [
    "# Kubernetes-managed hosts file (host network).",
    ours("/etc/hosts"),
    ...aliasLines(aliases),
  ]
    .join("\n")
    .concat("\n");
}

function aliasLines(aliases: readonly HostAlias[] = []): readonly string[] {
  if (aliases.length === 0) return [];
  const lines = aliases.map(({ ip, hostnames = [] }) => [ip, ...hostnames].join("\t"));
  return ["", "# Entries added by HostAliases.", ...lines];
}

function resolvConf(pod: Pod, dns: string | undefined): string {
  const { namespace = "default" } = pod.metadata;
  const policy = pod.spec["dnsPolicy"] ?? "ClusterFirst";
  const onHost = pod.spec["hostNetwork"] === true;
  const first = policy === "ClusterFirstWithHostNet" || (policy === "ClusterFirst" && !onHost);
  const asksCluster = first && dns !== undefined;
  const config = (pod.spec["dnsConfig"] ?? {}) as DnsConfig; // by the schema of a pod
  const own = policy === "None" ? "" : ours("/etc/resolv.conf");
  const searches = ["svc.", ""].map((part) => `${part}${DOMAIN}`);
  const nameservers = [
    ...(asksCluster ? [dns] : []),
    ...valuesOf(own, "nameserver"),
    ...(config.nameservers ?? []),
  ];
  const search = [
    ...(asksCluster ? [`${namespace}.svc.${DOMAIN}`, ...searches] : []),
    ...valuesOf(own, "search").flatMap((value) => value.split(/\s+/)),
    ...(config.searches ?? []),
  ];
  const options = [
    ...(asksCluster ? [NDOTS] : []),
    ...(config.options ?? []).map(({ name, value }) => (value ? `${name}:${value}` : name)),
  ];
  return [
    ...(search.length > 0 ? [`search ${[...new Set(search)].join(" ")}`] : []),
    ...[...new Set(nameservers)].map((address) => `nameserver ${address}`),
    ...(options.length > 0 ? [`options ${options.join(" ")}`] : []),
  ]
    .join("\n")
    .concat("\n");
}

function valuesOf(file: string, keyword: string): readonly string[] {
  return [...file.matchAll(new RegExp(`^${keyword}\\s+(.*\\S)`, "gm"))].map(
    ([, value = ""]) => value,
  );
}

function ours(file: string): string {
  try {
    return readFileSync(file, "utf8");
  } catch {
    return ""; // a machine need not have one
  }
}
