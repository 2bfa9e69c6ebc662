import { fork } from "node:child_process";
import { once } from "node:events";
import type { AddressInfo } from "node:net";
import { setTimeout as sleep } from "node:timers/promises";
import { fileURLToPath } from "node:url";
import { judge } from "#checkers/judge.ts";
import type { History } from "#domain/history.ts";
import type { Observation, PodSnapshot } from "#domain/observation.ts";
import type { Termination } from "#domain/termination.ts";
import { zeroOfRun } from "#load/run-clock.ts";
import type { Leaving } from "./choosing-server.ts";
import { type LedgeredRun, startLedgered } from "./lastcall-client.ts";
import { print } from "./print.ts";

/*
 * How exactly the last new connection of a leaving pod is known, against the side that accepted it. The
 * load and the judgement are the real ones; the pods are the accepting side's, since a cluster's would not
 * tell when they accepted.
 */
const RATES = [200, 1_000];
const SETTLE_MS = 2_000;

async function measure(perSecond: number): Promise<string> {
  const server = fork(fileURLToPath(new URL("./choosing-server.ts", import.meta.url)));
  const [{ port }] = (await once(server, "message")) as [AddressInfo];
  try {
    const amount = { requests: 0, perSecond, connections: 4 * perSecond };
    const running = await startLedgered("fresh", `http://127.0.0.1:${port}`, amount);
    await sleep(SETTLE_MS);
    server.send("begin");
    const [leavings] = (await once(server, "message")) as [readonly Leaving[]];
    await sleep(SETTLE_MS);
    const run = await running.stop();
    return describe(perSecond, run, leavings);
  } finally {
    server.disconnect();
    await once(server, "exit");
  }
}

function describe(perSecond: number, run: LedgeredRun, leavings: readonly Leaving[]): string {
  const zeroMs = zeroOfRun(run.plan.runStartedAtMs);
  const { terminations } = judge(historyOf(run, leavings, zeroMs), []);
  const found = leavings.map((leaving) => ({
    termination: terminations.find(({ pod }) => pod === leaving.pod),
    accepted: leaving.lastAcceptedAtMs - zeroMs,
    left: leaving.leftChoiceAtMs - zeroMs,
  }));
  const measured = found.flatMap(({ termination, accepted, left }) => {
    const t4 = termination?.lastNewConnectionAtMs;
    // A pod that accepted nothing after its deletion has no T4, which is right as well.
    return t4 === undefined
      ? []
      : [{ off: Math.abs(t4 - accepted), hidden: left - t4, bound: boundOf(termination) }];
  });
  const within = measured.filter(({ hidden, bound }) => hidden <= bound).length;
  const offs = measured.map(({ off }) => off).toSorted((a, b) => a - b);
  const hidden = measured.map((each) => each.hidden).toSorted((a, b) => a - b);
  return (
    `| ${perSecond.toLocaleString("en")} | ${measured.length} of ${leavings.length} | ${middle(offs).toFixed(2)} / ${(offs.at(-1) ?? Number.NaN).toFixed(2)} ms | ` +
    `${middle(hidden).toFixed(1)} ms | ${(measured[0]?.bound ?? Number.NaN).toFixed(1)} ms | ${within} of ${measured.length} |`
  );
}

function boundOf(termination: Termination | undefined): number {
  return termination?.t4UncertaintyMs ?? Number.NaN;
}

function middle(sorted: readonly number[]): number {
  return sorted[Math.floor(sorted.length / 2)] ?? Number.NaN;
}

/** What a cluster would have said: each pod ready from the start, its deletion by our own hand, and its end. */
function historyOf(
  { plan, account, exchanges }: LedgeredRun,
  leavings: readonly Leaving[],
  zeroMs: number,
): History {
  const endedAtMs = Math.max(...exchanges.map((exchange) => exchange.endedAtMs));
  const pods = [...new Set(exchanges.flatMap(({ servedBy }) => servedBy ?? []))];
  const observations = [
    ...pods.map((pod): Observation => ({ type: "pod", atMs: 0, change: "added", pod: podOf(pod) })),
    endpoints(pods.slice(0, 10)),
    ...leavings.flatMap((leaving) => leavingSeen(leaving, zeroMs)),
  ];
  return {
    header: {
      format: 1,
      runId: "bench",
      scenario: "bench",
      startedAt: "2026-01-01T00:00:00Z",
      workload: { kind: "Deployment", namespace: "default", name: "bench" },
      disruptions: [],
      load: plan.streams,
      marginMs: 0,
      environment: {
        lastcall: "0",
        node: process.version,
        platform: process.platform,
        cluster: "none",
        kubernetes: "none",
        images: [],
      },
    },
    closing: {
      phases: [
        { name: "control", startedAtMs: 0, endedAtMs: SETTLE_MS, demandedMs: SETTLE_MS },
        { name: "recovery", startedAtMs: endedAtMs, endedAtMs, demandedMs: 0 },
      ],
      streams: [account],
    },
    observations: observations.toSorted((a, b) => a.atMs - b.atMs),
    exchanges,
    transactions: [],
  };
}

function leavingSeen({ pod: name, deletedAtMs }: Leaving, zeroMs: number): readonly Observation[] {
  const atMs = deletedAtMs - zeroMs;
  const pod = podOf(name, { deletionTimestamp: "2026-01-01T00:00:30Z" });
  const object = `pod/${name}`;
  return [
    { type: "action", atMs, answeredAtMs: atMs, verb: "delete", object, result: "200" },
    { type: "pod", atMs, change: "modified", pod },
    { type: "pod", atMs: atMs + 1_000, change: "deleted", pod },
  ];
}

function podOf(name: string, fields: Partial<PodSnapshot> = {}): PodSnapshot {
  return {
    name,
    uid: name,
    phase: "Running",
    ready: true,
    terminationGracePeriodSeconds: 30,
    containers: [{ name: "app", ready: true, restartCount: 0, state: "running" }],
    ...fields,
  };
}

function endpoints(pods: readonly string[]): Observation {
  return {
    type: "endpoint-slice",
    atMs: 0,
    change: "added",
    slice: "bench",
    service: "bench",
    endpoints: pods.map((pod) => ({
      address: pod,
      pod,
      ready: true,
      serving: true,
      terminating: false,
    })),
  };
}

print(
  "## Deregistration, against the side that accepts",
  "| new connections a second | pods | last new connection, off by (median / worst) | then out of the choice after (median) | bound of that, at 95 % | kept by |",
  "|---|---|---|---|---|---|",
);
for (const perSecond of RATES) print(await measure(perSecond));
