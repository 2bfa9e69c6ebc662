import { describe, expect, it } from "vitest";
import { aCluster, aReadyPod, podAt, WEB } from "#disruptions/testing/a-cluster.ts";
import { HarnessError } from "#domain/errors.ts";
import type { Observation } from "#domain/observation.ts";
import type { ContainerUsage } from "#ports/cluster.ts";
import { ObservedCluster } from "./observed-cluster.ts";
import type { RunOptions } from "./run-options.ts";
import { UsageRecorder } from "./usage-recorder.ts";

const { signal } = new AbortController();

const usage = (countedAt: number, fields: Partial<ContainerUsage> = {}): ContainerUsage => ({
  ...{ pod: "web-1", container: "app", processes: 1, descriptors: 20, sockets: 2, countedAt },
  ...fields,
});

/** A recorder whose cluster answers one of the answers at each look, the last one ever after. */
function recorderOf(
  answers: readonly (readonly ContainerUsage[] | Error)[],
  { leaksPromised = true } = {},
) {
  let nowMs = 0;
  let looks = 0;
  const clock = {
    nowMs: () => nowMs,
    sleep: async (ms: number) => {
      nowMs += ms;
      await new Promise((resolve) => setImmediate(resolve));
    },
  };
  const cluster = aCluster({
    readUsage: async () => {
      const answer = answers[Math.min(looks, answers.length - 1)] ?? [];
      looks += 1;
      if (answer instanceof Error) throw answer;
      return answer;
    },
  });
  const recorded: Observation[] = [];
  const observed = new ObservedCluster(clock, (observation) => {
    if (observation.type === "usage") recorded.push(observation);
  });
  observed.receive(podAt(0, aReadyPod("web-1", { node: "node-1" })));
  const scenario = { workload: WEB } as RunOptions["scenario"]; // the recorder needs nothing else
  const recorder = new UsageRecorder({ cluster, clock, scenario, leaksPromised }, observed);
  return { recorder, observed, recorded, looks: () => looks, nowMs: () => nowMs };
}

const descriptorsOf = (recorded: readonly Observation[]) =>
  recorded.flatMap((each) => (each.type === "usage" ? [each.descriptors] : []));

describe("UsageRecorder", () => {
  it("does not record a count that may be older than the question", async () => {
    const { recorder, recorded } = recorderOf([
      [usage(1)],
      [usage(1)],
      [usage(2, { descriptors: 30 })],
      [usage(3, { descriptors: 30 })],
    ]);
    await recorder.recordSettled(signal);
    expect(recorded[0]).toMatchObject({ pod: "web-1", uid: "uid-of-web-1", descriptors: 30 });
    expect(descriptorsOf(recorded)).toEqual([30, 30]);
  });

  it("waits as long as containers close something", async () => {
    const falling = [90, 60, 30, 20, 20].map((descriptors, at) => [usage(at, { descriptors })]);
    const { recorder, recorded, looks } = recorderOf(falling);
    await recorder.recordSettled(signal);
    expect([descriptorsOf(recorded), looks()]).toEqual([[60, 30, 20, 20], 5]);
  });

  it("gives up where the node counts no more", async () => {
    const { recorder, recorded, nowMs } = recorderOf([[usage(1)]]);
    await recorder.recordSettled(signal);
    expect([recorded, nowMs() <= 20_000]).toEqual([[], true]);
    expect(nowMs()).toBeGreaterThan(15_000); // a kubelet that counts every 15 s has had its chance
  });

  it("gives up soon where no promise rests on it", async () => {
    const { recorder, nowMs } = recorderOf([[usage(1)]], { leaksPromised: false });
    await recorder.recordSettled(signal);
    expect(nowMs()).toBeLessThanOrEqual(2_000);
  });

  it.each([
    ["tells nothing", []],
    ["refuses", new HarnessError("API_REFUSED", "no", { hint: "" })],
  ])("asks once where the cluster %s", async (_, answer) => {
    const { recorder, recorded, looks } = recorderOf([answer]);
    await recorder.recordSettled(signal);
    expect([recorded, looks()]).toEqual([[], 1]);
  });

  it("does not hide a fault of its own", async () => {
    const { recorder } = recorderOf([new TypeError("a bug")]);
    await expect(recorder.recordSettled(signal)).rejects.toThrow("a bug");
  });

  it("looks at leaving pods once a second, and at no others", async () => {
    const { recorder, observed, recorded, looks, nowMs } = recorderOf(
      [1, 2, 3, 4].map((at) => [usage(at)]),
    );
    const over = new AbortController();
    const recording = recorder.recordLeaving(over.signal);
    while (nowMs() < 5_000) await new Promise((resolve) => setImmediate(resolve));
    expect(looks()).toBe(0);
    const deletionTimestamp = "2026-11-24T10:00:14Z";
    observed.receive(podAt(5_000, aReadyPod("web-1", { node: "node-1", deletionTimestamp })));
    while (recorded.length < 2) await new Promise((resolve) => setImmediate(resolve));
    over.abort();
    await recording;
    const [first, second] = recorded;
    expect((second?.atMs ?? 0) - (first?.atMs ?? 0)).toBe(1_000);
  });
});
