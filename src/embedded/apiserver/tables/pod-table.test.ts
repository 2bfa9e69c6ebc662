import { describe, expect, it } from "vitest";
import type { ContainerState, ContainerStatus, Pod } from "#embedded/api/objects.ts";
import { POD_TABLE } from "./pod-table.ts";

const NOW_MS = Date.parse("2026-01-01T00:10:00Z");

function status(
  name: string,
  state: ContainerState,
  more: Partial<ContainerStatus> = {},
): ContainerStatus {
  const isRunning = state.running !== undefined;
  return {
    name,
    state,
    lastState: {},
    ready: isRunning,
    started: isRunning,
    restartCount: 0,
    image: "a",
    imageID: "",
    ...more,
  };
}

const RUNNING = { running: { startedAt: "2026-01-01T00:00:00Z" } };
const ended = (exitCode: number, reason: string): ContainerState => ({
  terminated: { exitCode, reason, startedAt: null, finishedAt: "2026-01-01T00:09:30Z" },
});

interface PodParts {
  readonly metadata?: Partial<Pod["metadata"]>;
  readonly spec?: Partial<Pod["spec"]>;
  readonly status?: Pod["status"];
}

function row({ metadata = {}, spec = {}, status: given = {} }: PodParts): readonly unknown[] {
  const pod: Pod = {
    apiVersion: "v1",
    kind: "Pod",
    metadata: {
      name: "web",
      uid: "u",
      resourceVersion: "1",
      creationTimestamp: "2026-01-01T00:00:00Z",
      ...metadata,
    },
    spec: { containers: [{ name: "app", image: "a" }], ...spec },
    status: { phase: "Running", ...given },
  };
  return POD_TABLE.cells(pod, NOW_MS).slice(1, 4);
}

describe("the table of pods", () => {
  it("shows a running pod", () => {
    const containerStatuses = [status("app", RUNNING)];
    expect(row({ status: { containerStatuses } })).toEqual(["1/1", "Running", "0"]);
  });

  it("shows a deleted pod as Terminating until its phase is final", () => {
    const metadata = { deletionTimestamp: "2026-01-01T00:11:00Z" };
    const running = { containerStatuses: [status("app", RUNNING)] };
    expect(row({ metadata, status: running })).toEqual(["1/1", "Terminating", "0"]);
    const failed: Pod["status"] = {
      phase: "Failed",
      containerStatuses: [status("app", ended(137, "Error"))],
    };
    expect(row({ metadata, status: failed })).toEqual(["0/1", "Error", "0"]);
  });

  it("shows what the containers have to tell", () => {
    const waiting = { waiting: { reason: "CrashLoopBackOff" } };
    const restarted = { restartCount: 3, lastState: ended(1, "Error") };
    expect(row({ status: { containerStatuses: [status("app", waiting, restarted)] } })).toEqual([
      "0/1",
      "CrashLoopBackOff",
      "3 (30s ago)",
    ]);
    const completed = [status("app", ended(0, "Completed"))];
    expect(row({ status: { phase: "Succeeded", containerStatuses: completed } })).toEqual([
      "0/1",
      "Completed",
      "0",
    ]);
  });

  it("shows how far the init containers are", () => {
    const spec = {
      initContainers: [
        { name: "one", image: "a" },
        { name: "two", image: "a" },
      ],
    };
    const first = status("one", ended(0, "Completed"));
    const second = (state: ContainerState) => ({
      phase: "Pending" as const,
      initContainerStatuses: [first, status("two", state)],
    });
    expect(row({ spec, status: second(RUNNING) })[1]).toBe("Init:1/2");
    expect(row({ spec, status: second(ended(2, "Error")) })[1]).toBe("Init:Error");
    expect(row({ spec, status: second({ waiting: { reason: "ImagePullBackOff" } }) })[1]).toBe(
      "Init:ImagePullBackOff",
    );
  });

  it("counts a sidecar among the containers", () => {
    const spec = {
      initContainers: [{ name: "proxy", image: "a", restartPolicy: "Always" as const }],
    };
    const statuses = {
      initContainerStatuses: [status("proxy", RUNNING)],
      containerStatuses: [status("app", RUNNING)],
    };
    expect(row({ spec, status: statuses })).toEqual(["2/2", "Running", "0"]);
  });
});
