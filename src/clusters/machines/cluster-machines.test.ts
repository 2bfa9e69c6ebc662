import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { FakePrograms } from "#clusters/kind/testing/fake-programs.ts";
import { connectCluster } from "#clusters/kubernetes/kubernetes-cluster.ts";
import { answerJson, ScriptedApi } from "#clusters/kubernetes/testing/scripted-api.ts";
import type { Cluster } from "#ports/cluster.ts";

/** Docker as far as it is asked: one container of the cluster `ci`, and whether it runs. */
const DOCKER = `
case "$1" in
  inspect)
    case "$*" in
      *other) echo stranger true; exit 0;;
      *worker) ;;
      *) echo "no such object" >&2; exit 1;;
    esac
    if [ -f "$FOLDER/off" ]; then echo ci false; else echo ci true; fi;;
  exec)
    case "$*" in *machine-id*) cat "$FOLDER/identity"; exit 0;; esac
    if [ -f "$FOLDER/stopping" ]; then echo stopping; else echo running; fi;;
  cp) if [ "$3" = - ]; then /bin/tar -cf - -C "$FOLDER" identity; else cp "$FOLDER/identity" "$3"; fi;;
  wait) touch "$FOLDER/off"; echo 0;;
  stop|kill) touch "$FOLDER/off";;
  start) rm -f "$FOLDER/off";;
esac`;

const FIND =
  'docker inspect --format {{index .Config.Labels "io.x-k8s.kind.cluster"}} {{.State.Running}} worker';
const WHO_IS_OFF = ["docker cp worker:/kind/product_uuid -", "docker cp worker:/etc/machine-id -"];
const WHO = "docker exec worker sh -c cat /kind/product_uuid /etc/machine-id 2> /dev/null || true";

describe("the machines of nodes", () => {
  const { signal } = new AbortController();
  let fakes: FakePrograms;
  let server: ScriptedApi;
  let cluster: Cluster;

  beforeEach(async () => {
    fakes = new FakePrograms();
    fakes.program("docker", DOCKER);
    fakes.program("nerdctl", DOCKER);
    fakes.write("identity", "0a1b\n5c6d-7e8f\n");
    server = new ScriptedApi();
    await server.listen();
    server.on("GET /version", (_, response) => answerJson(response, { gitVersion: "v1.36.2" }));
    isMadeBy("kind://docker/ci/worker");
    cluster = await connectCluster({ kubeconfig: server.kubeconfig, description: "context ci" });
  });

  afterEach(async () => {
    await cluster.stop();
    await server.close();
    fakes.end();
  });

  function isMadeBy(providerID?: string, ready = "True"): void {
    const nodeInfo = { machineID: "0a1b", systemUUID: "5C6D-7E8F" };
    const status = { conditions: [{ type: "Ready", status: ready }], nodeInfo };
    const node = { metadata: { name: "worker" }, spec: { providerID }, status };
    server.on("GET /api/v1/nodes/worker", (_, response) => answerJson(response, node));
  }

  it("of kind are stopped in order, and started until their node is Ready", async () => {
    await cluster.shutDownNode("worker", signal);
    isMadeBy("kind://docker/ci/worker", "False");
    const starting = cluster.turnOnNode("worker", signal);
    await expect.poll(() => fakes.calls).toContain("docker start worker");
    isMadeBy("kind://docker/ci/worker");
    expect(await starting).toBe("turned-on");
    expect(fakes.calls).toEqual([
      ...[FIND, WHO, "docker stop -t 100 worker"],
      ...[FIND, ...WHO_IS_OFF, "docker start worker"],
    ]);
  });

  it("of kind on nerdctl, which copies into files only, are started as well", async () => {
    isMadeBy("kind://nerdctl/ci/worker");
    fakes.write("off", "");
    expect(await cluster.turnOnNode("worker", signal)).toBe("turned-on");
    expect(fakes.calls.at(-1)).toBe("nerdctl start worker");
  });

  it("of kind are killed when they are lost, and what is on is left alone", async () => {
    expect(await cluster.turnOnNode("worker", signal)).toBe("was-on");
    await cluster.loseNode("worker", signal);
    expect(fakes.calls.at(-1)).toBe("docker kill worker");
    expect(fakes.calls).not.toContain("docker start worker");
  });

  it("of kind that are still being stopped are awaited, and then started", async () => {
    fakes.write("stopping", "");
    expect(await cluster.turnOnNode("worker", signal)).toBe("turned-on");
    expect(fakes.calls.slice(-2)).toEqual(["docker wait worker", "docker start worker"]);
  });

  it("of kind kill a container by the id of the pod's status", async () => {
    await cluster.killContainer({ node: "worker", id: "containerd://abc" }, signal);
    expect(fakes.calls.at(-1)).toBe(
      "docker exec worker ctr --namespace k8s.io tasks kill --signal SIGKILL abc",
    );
  });

  it.each([
    ["kind://docker/ci/gone", "docker has none of that name here"],
    ["kind://docker/ci/other", "docker has none of that name here"],
  ])("are refused when %s is no container of the cluster", async (providerID, words) => {
    isMadeBy(providerID);
    await expect(cluster.loseNode("worker", signal)).rejects.toMatchObject({
      code: "MACHINE_NOT_HERE",
      message: expect.stringContaining(words),
    });
    expect(fakes.calls.filter((call) => !call.startsWith("docker inspect"))).toEqual([]);
  });

  it("of kind are refused when another machine's cluster has the same name", async () => {
    fakes.write("identity", "ffff\neeee-dddd\n");
    const refused = { code: "MACHINE_NOT_HERE", message: expect.stringContaining("machine ID") };
    await expect(cluster.reachMachine("worker", signal)).rejects.toMatchObject(refused);
    await expect(cluster.loseNode("worker", signal)).rejects.toMatchObject(refused);
    await expect(cluster.shutDownNode("worker", signal)).rejects.toMatchObject(refused);
    await expect(
      cluster.killContainer({ node: "worker", id: "containerd://abc" }, signal),
    ).rejects.toMatchObject(refused);
    expect(new Set(fakes.calls)).toEqual(new Set([FIND, WHO]));
  });

  it("of kind are neither ended nor started when a namesake of another machine is off", async () => {
    fakes.write("identity", "ffff\neeee-dddd\n");
    fakes.write("off", "");
    const refused = { code: "MACHINE_NOT_HERE", message: expect.stringContaining("machine ID") };
    await expect(cluster.reachMachine("worker", signal)).rejects.toMatchObject(refused);
    await expect(cluster.loseNode("worker", signal)).rejects.toMatchObject(refused);
    await expect(cluster.turnOnNode("worker", signal)).rejects.toMatchObject(refused);
    expect(new Set(fakes.calls)).toEqual(new Set([FIND, ...WHO_IS_OFF]));
  });

  it("of kind are known by their system UUID when they were just started anew", async () => {
    fakes.write("identity", "ffff\n5c6d-7e8f\n");
    await cluster.loseNode("worker", signal);
    expect(fakes.calls.at(-1)).toBe("docker kill worker");
  });

  it.each([
    ["aws:///eu-west-1a/i-0123", 'its provider is "aws:///eu-west-1a/i-0123"'],
    [undefined, "it names no provider"],
  ])("of %s cannot be reached, and it is said why", async (providerID, words) => {
    isMadeBy(providerID);
    await expect(cluster.reachMachine("worker", signal)).rejects.toMatchObject({
      code: "NO_MACHINE_ACCESS",
      message: expect.stringContaining(words),
    });
    expect(fakes.calls).toEqual([]);
  });

  it("of an embedded cluster lead to nothing but a socket of this user", async () => {
    isMadeBy(`lastcall://${fakes.folder}/bin/worker`);
    await expect(cluster.shutDownNode("worker", signal)).rejects.toMatchObject({
      code: "MACHINE_NOT_HERE",
      message: expect.stringContaining("there is no socket of yours"),
    });
  });
});
