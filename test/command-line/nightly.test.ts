import { mkdir, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { parseAllDocuments } from "yaml";
import { connectCluster } from "#clusters/kubernetes/kubernetes-cluster.ts";
import { type EmbeddedCluster, startCluster } from "#embedded/index.ts";
import { loadScenario } from "#scenario/load-scenario.ts";
import { runCommandLine } from "#test/support/run-command-line.ts";

const FEATURE = ["--feature", "features/rolling-update.feature", "--scenario", "shop"];
const nightly = (args: readonly string[], env: NodeJS.ProcessEnv = {}) =>
  runCommandLine(["nightly", ...args], { env });

let folder: string;
let cluster: EmbeddedCluster;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "lastcall-nightly-"));
  cluster = await startCluster({ nodes: 1 });
}, 30_000);

afterAll(async () => {
  await cluster.stop();
  await rm(folder, { recursive: true });
});

async function rendered(...args: readonly string[]) {
  const { code, stdout, stderr } = await nightly([...FEATURE, "--dry-run", ...args]);
  const objects = parseAllDocuments(stdout).map((document) => document.toJS());
  const find = (kind: string, name: string) =>
    objects.find((one) => one?.kind === kind && one.metadata.name === name);
  return { code, stdout, stderr, find };
}

describe("lastcall nightly --dry-run", () => {
  it("prints what deploy/nightly holds", async () => {
    const { stdout } = await rendered();
    expect(stdout).toBe(await readFile("deploy/nightly/nightly.yaml", "utf8"));
  });

  it("gives the runs the schedule, image and Pushgateway that were asked for", async () => {
    const { find } = await rendered(
      ...["--schedule", "30 1 * * 1-5", "--namespace", "qa", "--image", "registry/runner:1"],
      ...["--pushgateway", "http://push:9091"],
    );
    const { metadata, spec } = find("CronJob", "lastcall-nightly");
    const [container] = spec.jobTemplate.spec.template.spec.containers;
    expect(metadata.namespace).toBe("qa");
    expect(spec).toMatchObject({ schedule: "30 1 * * 1-5", concurrencyPolicy: "Forbid" });
    expect(container.image).toBe("registry/runner:1");
    expect(container.args.join(" ")).toContain("--pushgateway http://push:9091");
    expect(container.args.join(" ")).toContain("--metrics :9464");
    expect(container.ports).toEqual([{ name: "metrics", containerPort: 9464 }]);
    expect(find("RoleBinding", "lastcall").metadata.namespace).toBe("default");
  });

  it("packs a scenario that can be read without the programs of the embedded cluster", async () => {
    const { find } = await rendered();
    const files: Record<string, string> = find("ConfigMap", "lastcall-scenario").data;
    for (const [path, text] of Object.entries(files)) {
      await mkdir(dirname(join(folder, path)), { recursive: true });
      await writeFile(join(folder, path), text);
    }
    const [packed, whole] = [await loadScenario(folder), await loadScenario("shop")];
    expect(packed.objects).toEqual(whole.objects);
    expect(packed.load).toEqual(whole.load);
    expect(packed.images).toEqual([]);
  });

  it.each([
    { args: [], said: "either --dry-run or --apply" },
    { args: ["--dry-run", "--apply"], said: "either --dry-run or --apply" },
    { args: ["--dry-run", "--schedule", "at two"], said: "no cron expression" },
  ])("is refused with $args", async ({ args, said }) => {
    const { code, stdout, stderr } = await nightly([...FEATURE, ...args]);
    expect({ code, stdout }).toEqual({ code: 64, stdout: "" });
    expect(stderr).toContain(said);
  });
});

describe("lastcall nightly --apply", () => {
  it("puts the CronJob where the current context points", async () => {
    const file = join(folder, "kubeconfig");
    await writeFile(file, cluster.kubeconfig);
    const { code, stdout } = await nightly([...FEATURE, "--apply"], { KUBECONFIG: file });
    expect(stdout).toContain("Applied to the context embedded");
    expect(code).toBe(0);
    const { signal } = new AbortController();
    const { kubeconfig } = cluster;
    const client = await connectCluster({ kubeconfig, description: "embedded" });
    const query = { apiVersion: "batch/v1", kind: "CronJob", namespace: "default" };
    expect(await client.listObjects(query, signal)).toMatchObject([
      { metadata: { name: "lastcall-nightly" } },
    ]);
    await client.stop();
  });

  it("leaves a context alone that is not allowed", async () => {
    const file = join(folder, "live");
    await writeFile(file, cluster.kubeconfig.replaceAll("embedded", "shop-eu"));
    const { code, stderr } = await nightly([...FEATURE, "--apply"], { KUBECONFIG: file });
    expect(code).toBe(64);
    expect(stderr).toContain("CONTEXT_NOT_ALLOWED");
  });
});
