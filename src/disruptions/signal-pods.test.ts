import { describe, expect, it } from "vitest";
import type { Signal } from "#domain/disruption.ts";
import type { KubernetesObject } from "#domain/workload.ts";
import type { CommandOutcome } from "#ports/cluster-objects.ts";
import { performSignalPods } from "./signal-pods.ts";
import { aCluster, aReadyPod, endpointsAt, podAt, settledAt, WEB } from "./testing/a-cluster.ts";
import { aContext } from "./testing/a-context.ts";
import { Recording } from "./testing/recording.ts";

const BEFORE = [settledAt(-1, 1), endpointsAt(-1, "web-1"), podAt(-1, aReadyPod("web-1"))];

function stored(spec: object = {}, annotations?: Record<string, string>): KubernetesObject {
  const containers = [{ name: "app" }, { name: "proxy" }];
  const containerStatuses = [{ name: "app", containerID: "containerd://1" }];
  return {
    apiVersion: "v1",
    kind: "Pod",
    metadata: { name: "web-1", uid: "uid-of-web-1", ...(annotations && { annotations }) },
    spec: { nodeName: "node-1", containers, ...spec },
    status: { containerStatuses },
  } as KubernetesObject;
}

/** What was run in which container, with these outcomes in turn. */
async function send(
  name: Signal,
  outcomes: readonly CommandOutcome[],
  pod: KubernetesObject = stored(),
) {
  const ran: string[] = [];
  const left = [...outcomes];
  const cluster = aCluster({
    readObject: async () => pod,
    runInContainer: async ({ container }, command) => {
      ran.push(`${container}: ${command.join(" ")}`);
      return left.shift() ?? { type: "not-run", message: "asked once too often" };
    },
    reachMachine: async (node) => void ran.push(`reach ${node}`),
    killContainer: async ({ node, id }) => void ran.push(`kill ${id} on ${node}`),
  });
  const disruption = { type: "signal-pods", workload: WEB, signal: name, count: 1 } as const;
  await performSignalPods(disruption, aContext(new Recording(BEFORE), cluster));
  return ran;
}

const ended = (exitCode: number): CommandOutcome => ({ type: "ended", exitCode, output: "" });
const missing: CommandOutcome = { type: "not-run", message: "executable file not found" };

describe("a signal to pods", () => {
  it("is sent by the program of the image, or by its shell", async () => {
    expect(await send("SIGTERM", [ended(0)])).toEqual(["app: kill -s TERM 1"]);
    expect(await send("SIGHUP", [missing, ended(0)])).toEqual([
      "app: kill -s HUP 1",
      "app: sh -c kill -s HUP 1",
    ]);
  });

  it("was sent when the container ended before the command that sent it", async () => {
    expect(await send("SIGTERM", [ended(137)])).toHaveLength(1);
  });

  it("is not sent again when its answer was lost, for it may have arrived", async () => {
    const lost: CommandOutcome = { type: "lost", message: "the connection was closed" };
    expect(await send("SIGTERM", [lost, ended(0)])).toEqual(["app: kill -s TERM 1"]);
    expect(await send("SIGTERM", [missing, lost])).toHaveLength(2);
  });

  it("goes to the container that kubectl would take", async () => {
    const pod = stored({}, { "kubectl.kubernetes.io/default-container": "proxy" });
    expect(await send("SIGTERM", [ended(0)], pod)).toEqual(["proxy: kill -s TERM 1"]);
  });

  it("cannot be sent where the image has neither, and it is said what they answered", async () => {
    await expect(send("SIGTERM", [missing, missing])).rejects.toMatchObject({
      code: "CANNOT_SIGNAL",
      message: expect.stringContaining("executable file not found; executable file not found"),
    });
  });

  it("comes from the node when it is SIGKILL, which PID 1 does not get from inside", async () => {
    expect(await send("SIGKILL", [])).toEqual(["reach node-1", "kill containerd://1 on node-1"]);
  });

  it.each(["hostPID", "shareProcessNamespace"])(
    "is refused where %s makes PID 1 another",
    async (field) => {
      await expect(send("SIGTERM", [], stored({ [field]: true }))).rejects.toMatchObject({
        code: "NOT_PID_ONE",
        message: expect.stringContaining(field),
      });
    },
  );
});
