import { describe, expect, it } from "vitest";
import type { Observation } from "#domain/observation.ts";
import { aHistory, leaving } from "#test/support/builders.ts";
import { measureAlone } from "#test/support/measure-alone.ts";
import { leaks } from "./leaks.ts";

type Usage = Extract<Observation, { type: "usage" }>;

/** The load is offered from 0 to 10,000 ms. */
function usageAt(atMs: number, fields: Partial<Usage> = {}): Usage {
  const { pod = "web-2" } = fields;
  const counts = { processes: 1, descriptors: 20, sockets: 3 };
  return { type: "usage", atMs, pod, uid: `uid-${pod}`, container: "app", ...counts, ...fields };
}

function measure(usages: readonly Usage[], others: readonly Observation[] = leaving()) {
  return measureAlone(leaks, aHistory({ observations: [...others, ...usages] }));
}

const IDLE = usageAt(-100);

describe("leaks", () => {
  it("counts what a container holds after the load and did not hold before it", () => {
    const { value, sample, evidence } = measure([
      IDLE,
      usageAt(11_000, { descriptors: 120, sockets: 83 }),
      usageAt(11_000, { pod: "web-3", processes: 51 }),
    ]);
    expect([value, sample]).toEqual([150, 2]);
    expect(evidence.notes).toEqual([
      "web-2/app: 100 descriptors more than before the load, 80 of them sockets",
      "web-3/app: 50 processes more than before the load",
    ]);
  });

  it("takes what is opened once and for all for no leak", () => {
    expect(measure([IDLE, usageAt(11_000, { descriptors: 36, processes: 17 })]).value).toBe(0);
    expect(measure([IDLE, usageAt(11_000, { descriptors: 37 })]).value).toBe(17);
  });

  it("gives a container the time that it takes to close what its clients have closed", () => {
    const usages = [usageAt(10_100, { descriptors: 80 }), usageAt(10_300), usageAt(10_700)];
    expect(measure([IDLE, ...usages]).value).toBe(0);
  });

  it("compares each container with its own kind, and with the most that one of them held", () => {
    const proxies = { container: "proxy", descriptors: 500 };
    const before = [IDLE, usageAt(-90, { pod: "web-1", descriptors: 60 }), usageAt(-90, proxies)];
    const after = [usageAt(11_000, { descriptors: 70 }), usageAt(11_000, proxies)];
    expect(measure([...before, ...after])).toMatchObject({ value: 0, sample: 2 });
  });

  it("does not ask what is open while the load goes on", () => {
    expect(measure([IDLE, usageAt(5_000, { descriptors: 900 }), usageAt(11_000)]).value).toBe(0);
  });

  it("blames no missing permission for what a run that broke off did not count", () => {
    const history = aHistory({ observations: [...leaving(), IDLE] });
    const closing = { ...history.closing, brokenOff: "it was interrupted." };
    expect(measureAlone(leaks, { ...history, closing }).summary).toMatch(/^The run broke off/);
    expect(measureAlone(leaks, history).summary).toContain("nodes/proxy");
  });

  const killed = { pod: "web-1", processes: 3 };
  const forced = leaving({ exitCode: 137, reason: "Error", atMs: 14_000 });

  it("counts the child processes that were there when a container's grace ran out", () => {
    const usages = [IDLE, usageAt(13_500, killed), usageAt(11_000)];
    const { value, evidence } = measure(usages, forced);
    expect(value).toBe(2);
    expect(evidence.notes).toEqual([
      "web-1/app: 2 child processes were there when its grace was over",
    ]);
  });

  it("knows nothing of them from a count long before the end, or of one that ended by itself", () => {
    const early = [IDLE, usageAt(9_000, killed), usageAt(11_000)];
    expect(measure(early, forced).value).toBe(0);
    const ended = [IDLE, usageAt(5_500, killed), usageAt(11_000)];
    expect(measure(ended).value).toBe(0);
  });

  it("doubts that nothing was left where a node had not counted just before a kill", () => {
    const early = [IDLE, usageAt(9_000, killed), usageAt(11_000)];
    expect(measure(early, forced).doubts).toEqual([expect.stringContaining("1 containers were")]);
    const near = [IDLE, usageAt(13_500, { pod: "web-1" }), usageAt(11_000)];
    expect(measure(near, forced).doubts).toEqual([]);
    expect(measure([IDLE, usageAt(11_000)]).doubts).toEqual([]);
  });

  it("is not measured where nothing was counted before the load or after it", () => {
    expect(measure([IDLE]).value).toBeUndefined();
    expect(measure([usageAt(11_000)])).toMatchObject({ sample: 0 });
    expect(measure([]).summary).toContain("nodes/proxy");
  });
});
