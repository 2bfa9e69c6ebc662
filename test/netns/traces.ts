import { execFileSync } from "node:child_process";
import { existsSync, readdirSync, readlinkSync } from "node:fs";
import { CoreV1Api, KubeConfig } from "@kubernetes/client-node";
import { expect } from "vitest";

/** By what a cluster could be recognised after its end. */
export interface Traces {
  readonly device: string;
  readonly prefix: string;
  /** The namespaces of its router and of a pod, as /proc names them. */
  readonly namespaces: readonly string[];
}

/** Starts a pod with a namespace and one on its node's, and remembers what they were in. */
export async function leaveTraces(kubeconfig: string): Promise<Traces> {
  const config = new KubeConfig();
  config.loadFromString(kubeconfig);
  const core = config.makeApiClient(CoreV1Api);
  const block = /127\.(\d+)\.0\.1/.exec(config.getCurrentCluster()?.server ?? "")?.[1];
  const command = ["sh", "-c", "readlink /proc/self/ns/net; while :; do sleep 1; done"];
  const namespaces: string[] = [];
  for (const hostNetwork of [true, false]) {
    const name = `trace-${hostNetwork}`;
    const spec = { hostNetwork, containers: [{ name: "app", image: "node:24", command }] };
    await core.createNamespacedPod({ namespace: "default", body: { metadata: { name }, spec } });
    const log = async () =>
      (await core.readNamespacedPodLog({ name, namespace: "default" }).catch(() => "")).trim();
    await expect.poll(log, { timeout: 20_000 }).toMatch(/^net:/);
    namespaces.push(await log());
  }
  return { device: `lastcall${block}`, prefix: `240.${block}.`, namespaces };
}

/** What of it is still there, in words; the traces of a cluster that runs would all be found. */
export function remains({ device, prefix, namespaces }: Traces): readonly string[] {
  const tool = (file: string, ...args: string[]) => execFileSync(file, args, { encoding: "utf8" });
  return [
    ...(existsSync(`/sys/class/net/${device}`) ? [`the device ${device}`] : []),
    ...(tool("ip", "route").includes(prefix) ? ["a route"] : []),
    ...(tool("nft", "list", "tables").includes("lastcall")
      ? ["a table of nft on this machine"]
      : []),
    ...namespaces.filter(isHeld).map((namespace) => `a process in ${namespace}`),
    ...(existsSync("/run/netns") ? readdirSync("/run/netns") : []).filter((name) =>
      name.startsWith(prefix),
    ),
  ];
}

function isHeld(namespace: string): boolean {
  return readdirSync("/proc")
    .filter((name) => /^\d+$/.test(name))
    .some((pid) => {
      try {
        return readlinkSync(`/proc/${pid}/ns/net`) === namespace;
      } catch {
        return false; // it has just ended
      }
    });
}
