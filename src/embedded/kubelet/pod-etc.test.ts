import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, describe, expect, it } from "vitest";
import type { Pod, PodSpec } from "#embedded/api/objects.ts";
import { podEtc } from "./pod-etc.ts";

const directory = mkdtempSync(join(tmpdir(), "lastcall-etc-"));

/** What the pod finds below /etc, by the name of the file. */
function etc(spec: Partial<PodSpec>): Readonly<Record<string, string>> {
  const pod = { metadata: { name: "web-0", namespace: "shop" }, spec } as unknown as Pod;
  const mounts = podEtc(pod, { directory, podIP: "10.1.0.7", dns: "10.0.0.10" });
  return Object.fromEntries(
    mounts.map(({ containerPath, localPath }) => [containerPath, readFileSync(localPath, "utf8")]),
  );
}

describe("the files by which a pod resolves names", () => {
  afterEach(() => rmSync(directory, { recursive: true, force: true }));

  it("ask the cluster first, for names of the pod's own namespace too", () => {
    const conf = etc({})["/etc/resolv.conf"] ?? "";
    expect(conf).toMatch(/^search shop\.svc\.cluster\.local svc\.cluster\.local cluster\.local/);
    expect(conf).toContain("\nnameserver 10.0.0.10\n");
    expect(conf).toMatch(/\noptions ndots:5\n$/);
  });

  it("ask nobody but whom a pod names that wants no other", () => {
    const dnsConfig = { nameservers: ["1.2.3.4"], searches: ["a.b"], options: [{ name: "debug" }] };
    const expected = "search a.b\nnameserver 1.2.3.4\noptions debug\n";
    expect(etc({ dnsPolicy: "None", dnsConfig })["/etc/resolv.conf"]).toBe(expected);
  });

  it("do not ask the cluster on the host's network, and leave its names as they are", () => {
    const files = etc({ hostNetwork: true });
    expect(files["/etc/resolv.conf"]).not.toContain("10.0.0.10");
    expect(Object.keys(files)).toEqual(["/etc/resolv.conf"]);
  });

  it("know the pod itself, its full name if it has one, and what else it names", () => {
    const hostAliases = [{ ip: "10.9.9.9", hostnames: ["one", "two"] }];
    const lines = (etc({ hostAliases, hostname: "me", subdomain: "db" })["/etc/hosts"] ?? "").split(
      "\n",
    );
    expect(lines[0]).toBe("# Kubernetes-managed hosts file.");
    expect(lines).toContain("10.1.0.7\tme.db.shop.svc.cluster.local\tme");
    expect(lines).toContain("10.9.9.9\tone\ttwo");
  });
});
