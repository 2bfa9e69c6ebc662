import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import type { ContainerState, ContainerStatus, Pod, PodStatus } from "#embedded/api/objects.ts";
import { aPod } from "#embedded/kubelet/testing/a-pod.ts";
import { isTerminal, mergeStatus, podStatus, type Stage } from "./pod-status.ts";
import type { ContainerInstance, InstanceState } from "./pod-view.ts";

/** What a real kubelet (1.36.2) wrote over what: every distinct kind of status in the golden traces. */
interface Golden {
  readonly case: string;
  readonly atMs: number;
  readonly metadata: Partial<Pod["metadata"]>;
  readonly spec: Pod["spec"];
  readonly before: PodStatus;
  readonly after: PodStatus;
}

const file = join(import.meta.dirname, "golden-statuses.json.golden");
const golden = JSON.parse(readFileSync(file, "utf8")) as readonly Golden[];

describe("the status that a real kubelet wrote", () => {
  it.each(golden)("is ours, too: $case after $atMs ms", ({ metadata, spec, before, after }) => {
    const pod = { ...aPod(spec, metadata), status: before };
    const all = [...(after.initContainerStatuses ?? []), ...(after.containerStatuses ?? [])];
    const begun = all.filter(({ state }) => state.waiting === undefined);
    const stage = stageOf(pod, after);
    const sandbox = after.conditions?.find(({ type }) => type === "PodReadyToStartContainers");
    const ours = podStatus({
      pod,
      instances: new Map(begun.map((status) => [status.name, instancesOf(status)])),
      verdicts: new Map(
        begun.map(({ containerID = "", ready }) => [
          containerID,
          { readiness: ready ? "success" : "failure" } as const,
        ]),
      ),
      startFailures: new Map(),
      sandbox: {
        ready: sandbox?.status === "True",
        ...(after.podIP !== undefined && { ip: after.podIP }),
      },
      stage,
      hostIP: after.hostIP ?? "",
      startedAtMs: Date.parse(after.startTime ?? ""),
      nowMs: Math.max(...timesOf(after)),
    });
    expect(withoutTimes(mergeStatus(before, ours, stage))).toEqual(withoutTimes(after));
  });
});

function stageOf({ metadata }: Pod, after: PodStatus): Stage {
  if (isTerminal(after.phase)) return "terminated";
  return metadata.deletionTimestamp === undefined ? "syncing" : "terminating";
}

function instancesOf(status: ContainerStatus): readonly ContainerInstance[] {
  const { containerID = "", name, image, imageID, restartCount, state, lastState } = status;
  const base = { name, image, imageID };
  const current = { ...base, id: containerID, restartCount, state: instanceState(state) };
  if (lastState.terminated === undefined) return [current];
  const id = lastState.terminated.containerID ?? "";
  const state0 = instanceState(lastState);
  return [current, { ...base, id, restartCount: restartCount - 1, state: state0 }];
}

function instanceState({ running, terminated }: ContainerState): InstanceState {
  if (terminated === undefined) {
    return { type: "running", startedAtMs: Date.parse(running?.startedAt ?? "") };
  }
  const { exitCode, reason, startedAt, finishedAt } = terminated;
  return {
    type: "exited",
    startedAtMs: Date.parse(startedAt ?? ""),
    finishedAtMs: Date.parse(finishedAt ?? ""),
    ...{ exitCode, reason },
  };
}

function timesOf({ conditions = [] }: PodStatus): readonly number[] {
  return conditions.map(({ lastTransitionTime }) => Date.parse(lastTransitionTime ?? ""));
}

/** A real kubelet takes several moments for one status; which of them is no rule to copy. */
function withoutTimes(status: PodStatus): PodStatus {
  const conditions = status.conditions?.map(({ lastTransitionTime: _, ...rest }) => rest);
  return { ...status, conditions: conditions ?? [] };
}
