import { existsSync, readdirSync, readFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { ManualClock } from "#clusters/kubernetes/testing/manual-clock.ts";
import { answerJson, ScriptedApi } from "#clusters/kubernetes/testing/scripted-api.ts";
import { ScriptedCollection, stored } from "#clusters/kubernetes/testing/scripted-collection.ts";
import type { Scenario } from "#domain/scenario.ts";
import { type KindWish, kindSupply } from "./kind-supply.ts";
import { FakePrograms } from "./testing/fake-programs.ts";

const NEW: KindWish = { nodes: 3, keep: false };
const SCENARIO = { objects: [] as const } as unknown as Scenario; // a supply looks at images alone

/** What kind does, as far as a client of its command line can tell. */
const KIND = `
case "$1 $2" in
  "create cluster")
    while [ $# -gt 0 ]; do
      case "$1" in
        --config) cp "$2" "$FOLDER/config.yaml";;
        --kubeconfig) cp "$FOLDER/kubeconfig" "$2";;
        --name) echo "$2" > "$FOLDER/made";;
      esac
      shift
    done
    echo ' • Ensuring node image (kindest/node:v1.36.1) 🖼  ...' >&2;;
  "delete cluster") rm -f "$FOLDER/made";;
  "get nodes") if [ -f "$FOLDER/made" ]; then echo a-control-plane; echo a-worker; fi;;
  "get clusters") if [ -f "$FOLDER/made" ]; then cat "$FOLDER/made"; fi;;
  "get kubeconfig") cat "$FOLDER/kubeconfig";;
esac`;

describe("kindSupply", () => {
  let fakes: FakePrograms;
  let server: ScriptedApi;
  let told: string[];
  const nodes = new ScriptedCollection();
  const deployments = new ScriptedCollection();
  const daemonSets = new ScriptedCollection();
  const tell = (line: string) => {
    told.push(line);
  };

  beforeEach(async () => {
    fakes = new FakePrograms();
    told = [];
    fakes.program("kind", KIND);
    fakes.program("docker", "");
    server = new ScriptedApi();
    await server.listen();
    fakes.write("kubeconfig", server.kubeconfig);
    server.on("GET /version", (_, response) => answerJson(response, { gitVersion: "v1.36.2" }));
    server.on("GET /api/v1/nodes", nodes.answer);
    server.on("GET /apis/apps/v1/deployments", deployments.answer);
    server.on("GET /apis/apps/v1/daemonsets", daemonSets.answer);
    nodes.items = [aNode("a-control-plane", "True")];
    deployments.items = [];
    daemonSets.items = [];
  });
  afterEach(async () => {
    fakes.end();
    await server.close();
  });

  const supplyOf = (wish: KindWish) => kindSupply(wish, new ManualClock());
  const verbs = () => fakes.calls.map((call) => call.split(" ").slice(0, 3).join(" "));

  it("creates a cluster of its own once for all runs, and deletes it in the end", async () => {
    const supply = supplyOf(NEW);
    const { signal } = new AbortController();
    const first = await supply.open(SCENARIO, { tell, signal });
    expect(first.description).toBe("kind (2 nodes)");
    expect(first.foundAs).toMatch(/^kind:lastcall-/);
    await first.stop();
    await (await supply.open(SCENARIO, { tell, signal })).stop();
    const created = fakes.calls.filter((call) => call.startsWith("kind create"));
    expect(created).toEqual([
      expect.stringMatching(
        /^kind create cluster --name lastcall-\w{6} --config \S+ --kubeconfig \S+ --wait 120s$/,
      ),
    ]);
    const config = readFileSync(`${fakes.folder}/config.yaml`, "utf8");
    expect(config.match(/role: (?:control-plane|worker)/g)).toEqual([
      "role: control-plane",
      "role: worker",
      "role: worker",
    ]);
    expect(told).toContain("kind: Ensuring node image (kindest/node:v1.36.1)");
    expect(existsSync(`${fakes.folder}/made`)).toBe(true);
    await supply.close(tell);
    expect(existsSync(`${fakes.folder}/made`)).toBe(false);
    const name = created[0]?.split(" ")[4] ?? "none";
    expect(readdirSync(tmpdir()).filter((file) => file.startsWith(name))).toEqual([]);
  });

  it("hands the user's configuration and image on", async () => {
    const config = `${fakes.folder}/mine.yaml`;
    fakes.write("mine.yaml", "kind: Cluster\n");
    const supply = supplyOf({ ...NEW, config, image: "kindest/node:v1.36.1" });
    await (await supply.open(SCENARIO, { tell, signal: new AbortController().signal })).stop();
    expect(fakes.calls.find((call) => call.startsWith("kind create"))).toMatch(
      `--config ${config} --kubeconfig`,
    );
    expect(fakes.calls.find((call) => call.startsWith("kind create"))).toMatch(
      / --image kindest\/node:v1.36.1$/,
    );
    await supply.close(tell);
  });

  it("keeps the cluster when asked to, and says how to reach it", async () => {
    const supply = supplyOf({ ...NEW, keep: true });
    await (await supply.open(SCENARIO, { tell, signal: new AbortController().signal })).stop();
    await supply.close(tell);
    expect(existsSync(`${fakes.folder}/made`)).toBe(true);
    expect(told.at(-1)).toMatch(
      /--cluster kind:lastcall-\w{6}\n {2}remove: {3}kind delete cluster/,
    );
  });

  it("says what it waits for until nodes and system workloads are there", async () => {
    nodes.items = [aNode("a-control-plane", "True"), aNode("a-worker", "False")];
    const dns = { generation: 1, spec: { replicas: 2 }, status: { observedGeneration: 1 } };
    deployments.items = [inSystem("coredns", dns)];
    const opening = supplyOf(NEW).open(SCENARIO, { tell, signal: new AbortController().signal });
    await expect.poll(() => nodes.watchers + deployments.watchers).toBe(2);
    expect(told.at(-1)).toBe("Waiting for node a-worker (KubeletNotReady), coredns (0 of 2 pods).");
    nodes.send("MODIFIED", aNode("a-worker", "True"));
    await expect.poll(() => told.at(-1)).toBe("Waiting for coredns (0 of 2 pods).");
    const status = { observedGeneration: 1, availableReplicas: 2 };
    deployments.send("MODIFIED", inSystem("coredns", { ...dns, status }));
    await (await opening).stop();
  });

  it("names what was missing when the wait is over", async () => {
    nodes.items = [aNode("a-worker", "False")];
    const clock = new ManualClock();
    const supply = kindSupply(NEW, clock);
    const opening = supply.open(SCENARIO, { tell, signal: new AbortController().signal });
    await expect.poll(() => nodes.watchers).toBe(1);
    clock.advance(300_000);
    await expect(opening).rejects.toMatchObject({
      code: "CLUSTER_NOT_READY",
      message: expect.stringContaining("still missing: node a-worker (KubeletNotReady)"),
    });
    await supply.close(tell);
    expect(existsSync(`${fakes.folder}/made`)).toBe(false);
  });

  it("removes what was half made when kind fails", async () => {
    fakes.program(
      "kind",
      `case "$1" in create) touch "$FOLDER/made"; echo 'ERROR: too many open files' >&2; exit 1;; esac${KIND}`,
    );
    const supply = supplyOf(NEW);
    const { signal } = new AbortController();
    await expect(supply.open(SCENARIO, { tell, signal })).rejects.toMatchObject({
      message: expect.stringMatching(/^Could not create the kind cluster lastcall-/),
      hint: expect.stringContaining("fs.inotify.max_user_instances"),
    });
    expect(existsSync(`${fakes.folder}/made`)).toBe(false);
  });

  it("removes what was half made when it is interrupted, and has ended kind before", async () => {
    fakes.program(
      "kind",
      `case "$1" in create) touch "$FOLDER/made"; echo ' • Preparing nodes ...' >&2; sleep 300; touch "$FOLDER/late";; esac${KIND}`,
    );
    const controller = new AbortController();
    const opening = supplyOf(NEW).open(SCENARIO, {
      tell: (line) => {
        if (line === "kind: Preparing nodes") controller.abort(new Error("Ctrl-C"));
      },
      signal: controller.signal,
    });
    await expect(opening).rejects.toThrow("Ctrl-C");
    expect(existsSync(`${fakes.folder}/made`)).toBe(false);
    expect(verbs().at(-1)).toBe("kind get nodes");
  });

  it("takes a node image that this machine has when kind's own cannot be pulled", async () => {
    fakes.program(
      "kind",
      `case "$*" in *--image*) ;; create*) echo 'ERROR: failed to pull image "kindest/node:v1.37.0"' >&2; exit 1;; esac${KIND}`,
    );
    fakes.program(
      "docker",
      'case "$*" in "image ls"*) echo kindest/node:v1.9.0; echo kindest/node:v1.36.1; echo "kindest/node:<none>";; esac',
    );
    const supply = supplyOf(NEW);
    await (await supply.open(SCENARIO, { tell, signal: new AbortController().signal })).stop();
    expect(fakes.calls.findLast((call) => call.startsWith("kind create"))).toMatch(
      / --image kindest\/node:v1.36.1$/,
    );
    expect(told).toContain(
      "kind's own node image cannot be pulled; this machine has kindest/node:v1.36.1, which is used.",
    );
    await supply.close(tell);
  });

  it("reuses a cluster by its name and leaves it alone afterwards", async () => {
    fakes.write("made", "ci\n");
    const supply = supplyOf({ ...NEW, reuse: "ci" });
    const cluster = await supply.open(SCENARIO, { tell, signal: new AbortController().signal });
    expect(cluster.description).toBe("kind ci (2 nodes)");
    await cluster.stop();
    await supply.close(tell);
    expect(verbs()).not.toContain("kind create cluster");
    expect(verbs()).not.toContain("kind delete cluster");
  });

  it("lists the clusters there are when the name is none of them", async () => {
    fakes.write("made", "ci\n");
    const { signal } = new AbortController();
    const supply = supplyOf({ ...NEW, reuse: "cy" });
    await expect(supply.open(SCENARIO, { tell, signal })).rejects.toMatchObject({
      code: "KIND_CLUSTER_UNKNOWN",
      hint: expect.stringContaining("kind has: ci."),
    });
  });

  it("says how to remove what could not be deleted", async () => {
    const supply = supplyOf(NEW);
    await (await supply.open(SCENARIO, { tell, signal: new AbortController().signal })).stop();
    fakes.program("kind", "echo 'engine is down' >&2; exit 1");
    await supply.close(tell);
    expect(told.at(-1)).toMatch(
      /engine is down\nRemove it by hand: kind delete cluster --name last/,
    );
  });
});

function aNode(name: string, ready: string) {
  const reason = ready === "True" ? "KubeletReady" : "KubeletNotReady";
  return stored(name, "1", { status: { conditions: [{ type: "Ready", status: ready, reason }] } });
}

function inSystem(
  name: string,
  { generation, ...fields }: { readonly generation: number; readonly [field: string]: unknown },
) {
  const { metadata } = stored(name, "1");
  return { metadata: { ...metadata, namespace: "kube-system", generation }, ...fields };
}
