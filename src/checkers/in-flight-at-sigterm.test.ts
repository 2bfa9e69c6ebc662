import { describe, expect, it } from "vitest";
import type { Exchange } from "#domain/exchange.ts";
import type { Observation, PodSnapshot } from "#domain/observation.ts";
import { podLanes } from "#domain/pod-lanes.ts";
import { sigtermMoment } from "#domain/sigterm-moment.ts";
import type { Termination } from "#domain/termination.ts";
import { aHistory, anExchange, leaving, RESET } from "#test/support/builders.ts";
import { Attributor } from "./attribution.ts";
import { InFlightAtSigterm } from "./in-flight-at-sigterm.ts";
import { gatherFacts } from "./run-facts.ts";

/** `web-1` is deleted at 4,000 ms and exits at 5,900; `web-2` stays. */
function count(
  exchanges: readonly Partial<Exchange>[],
  pod: Partial<PodSnapshot> = {},
  ending: Partial<Termination> = {},
): number {
  const observations = leaving().map(
    (seen): Observation =>
      seen.type === "pod" ? { ...seen, pod: { ...seen.pod, ...pod, ...names(seen) } } : seen,
  );
  const facts = gatherFacts(aHistory({ observations }));
  const attributor = new Attributor(facts);
  const lanes = podLanes(facts.history.observations, facts.terminations);
  const setups = new Map(lanes.map(({ uid, setup }) => [uid, setup]));
  const [first, ...others] = facts.terminations;
  if (first === undefined || others.length > 0) throw new Error("One pod leaves.");
  const left = { ...first, ...ending };
  const sigtermAtMs = sigtermMoment(left, setups.get(left.uid));
  const inFlight = new InFlightAtSigterm([{ termination: left, sigtermAtMs }], attributor);
  for (const fields of exchanges) {
    const exchange = anExchange(fields);
    attributor.see(exchange);
    inFlight.see(exchange);
  }
  const counted = inFlight.of(left);
  expect(inFlight.met).toBe(counted > 0 ? 1 : 0);
  expect(inFlight.named).toBe(exchanges.some(({ servedBy }) => servedBy !== undefined));
  return counted;
}

function names({ pod }: Extract<Observation, { type: "pod" }>) {
  return { name: pod.name, uid: pod.uid };
}

const hook = (preStop: object) => {
  const setup = { sidecar: false, preStop } as never; // the fields that are read
  return {
    containers: [{ name: "app", ready: true, restartCount: 0, state: "running", setup }],
  } as Partial<PodSnapshot>;
};

describe("InFlightAtSigterm", () => {
  const spanning = { sentAtMs: 3_990, endedAtMs: 4_010, servedBy: "web-1" };

  it("counts what was sent before SIGTERM and ended after it", () => {
    const before = { sentAtMs: 3_900, endedAtMs: 3_999, servedBy: "web-1" };
    const after = { sentAtMs: 4_001, endedAtMs: 4_050, servedBy: "web-1" };
    expect(count([before, spanning, after])).toBe(1);
  });

  it("takes the moment after the preStop sleep", () => {
    const late = { sentAtMs: 4_900, endedAtMs: 5_100, servedBy: "web-1" };
    expect(count([spanning, late, late], { preStopSleepSeconds: 1 })).toBe(2);
  });

  it("does not count what another pod had, by its own word or by the connection's", () => {
    const kept = { connectionId: 9, sentAtMs: 100, servedBy: "web-2" };
    const { servedBy: _, ...lost } = spanning;
    const onThatConnection = { ...lost, connectionId: 9, outcome: RESET };
    expect(count([{ ...spanning, servedBy: "web-2" }, kept, onThatConnection])).toBe(0);
  });

  it("counts what was lost on a connection that had named the pod", () => {
    const kept = { connectionId: 9, sentAtMs: 100, servedBy: "web-1" };
    const { servedBy: _, ...lost } = spanning;
    expect(count([kept, { ...lost, connectionId: 9, outcome: RESET }])).toBe(1);
  });

  it("does not count what names nobody, though only one pod was leaving", () => {
    const { servedBy: _, ...nameless } = spanning;
    expect(count([nameless, { ...nameless, outcome: RESET }])).toBe(0);
  });

  it("does not count what was never sent", () => {
    const outcome = { type: "undelivered", reason: "stopped" } as const;
    expect(count([{ ...spanning, outcome }])).toBe(0);
  });

  it("counts from the deletion to the exit where nobody knows how long the hook took", () => {
    const later = { sentAtMs: 5_000, endedAtMs: 5_100, servedBy: "web-1" };
    expect(count([later], hook({ type: "exec" }))).toBe(1);
    expect(count([later])).toBe(0);
  });

  it("counts what met the kill where no SIGTERM came, and nothing of the container that followed", () => {
    const later = { sentAtMs: 5_000, endedAtMs: 5_100, servedBy: "web-1" };
    expect(count([spanning, later], {}, { killedOutright: "SIGKILL" })).toBe(1);
  });
});
