import type { Report } from "#domain/report.ts";
import type { TransactionClass } from "#domain/transaction.ts";
import { aConnection } from "./builders.ts";
import {
  aFailure,
  aLeak,
  aLeaving,
  aNewPod,
  aReport,
  type FailureFields,
  measured,
  promised,
  threeLeaving,
} from "./report-builders.ts";

/*
 * One report for each cause of src/advice, as a run with that fault alone would leave it. The cause's own
 * test looks at the words; advise.test.ts holds all of them against each other.
 */

/** At 5,000 ms the first of three pods is told to leave; see `threeLeaving`. */
const failures = (count: number, fields: (n: number) => FailureFields) =>
  Array.from({ length: count }, (_, n) => aFailure({ seq: n, ...fields(n) }));

const refusedAt = (...times: readonly number[]) =>
  times.map((atMs, seq) => aFailure({ seq, atMs, reason: "connect-refused" }));

function withBroken(found: TransactionClass): Report {
  const notes = [`k7 is ${found}: reserve × 1`, "k8 is incomplete: not in the ledger"];
  const evidence = { total: 2, exchanges: [], notes };
  const audit = measured("transaction-completion-rate", 0.9, { evidence });
  const { transactions, ...report } = aReport({
    verdict: "fail",
    results: [promised(audit, "fail")],
  });
  return { ...report, transactions: { ...transactions, committed: 90, [found]: 1 } };
}

function withBrokenCheck(): Report {
  const notes = ["money: the total is 995, and must be 1000."];
  const audit = measured("audit-violations", 1, { evidence: { total: 1, exchanges: [], notes } });
  return aReport({ verdict: "fail", results: [promised(audit, "fail")] });
}

/** Killed when 10 s of grace were over; `lateMs` after that it was seen. */
const KILLED = { exitCode: 137, reason: "Error", forced: true, afterMs: 10_050 };

const kills = (more: Parameters<typeof threeLeaving>[0] = {}) =>
  threeLeaving({ exit: KILLED, ...more });

/** It answered on kept connections until the end, as a program that ignores the signal does. */
const servingToTheEnd = (report: Report): Report => ({
  ...report,
  lanes: report.lanes.map((lane) =>
    lane.termination === undefined
      ? lane
      : { ...lane, lastReusedRequestAtMs: lane.termination.deletionRequestedAtMs + 9_900 },
  ),
});

/** Requests of the slow stream that had been taken and were lost so long after each pod's T0. */
const cutAfter = (afterMs: number, livedMs = 600) =>
  failures(3, (n) => ({
    stream: "wait",
    atMs: 5_000 + 3_000 * n + afterMs,
    livedMs,
    reason: "reset-before-response",
  }));

export const FAULTY_REPORTS: Readonly<Record<string, () => Report>> = {
  "loses-acknowledged-writes": () => withBroken("lost"),
  "half-commits": () => withBroken("partial"),
  "commits-twice": () => withBroken("duplicated"),
  "phantom-writes": () => withBroken("phantom"),
  "breaks-audit-check": withBrokenCheck,
  "killed-outright": () =>
    aReport({
      leaving: [
        aLeaving({
          termination: { killedOutright: "SIGKILL", comesBack: true },
          sigtermAfterMs: undefined,
          exit: { exitCode: 137, reason: "Error", afterMs: 300 },
        }),
      ],
      marks: cutAfter(50).slice(0, 1),
    }),
  "force-deleted": () =>
    aReport({
      leaving: [
        aLeaving({
          graceSeconds: 0,
          ownGraceSeconds: 30,
          termination: { exits: [] },
          exit: { afterMs: 60 },
        }),
      ],
      marks: cutAfter(50).slice(0, 1),
    }),
  "oom-killed": () =>
    aReport({
      leaving: threeLeaving({
        setup: { memoryLimit: "64Mi" },
        exit: { exitCode: 137, reason: "OOMKilled", afterMs: 300 },
      }),
      marks: cutAfter(290),
    }),
  "pre-stop-fails": () =>
    aReport({
      leaving: [5_000, 8_000].map((atMs) =>
        aLeaving({
          pod: `web-${atMs}`,
          atMs,
          sleepSeconds: 5,
          sigtermAfterMs: undefined,
          exit: { afterMs: 900 },
          lane: {
            warnings: [
              {
                reason: "FailedPreStopHook",
                message: "PreStopHook failed",
                firstAtMs: atMs + 40,
                lastAtMs: atMs + 40,
              },
            ],
          },
        }),
      ),
      marks: refusedAt(5_080, 8_090),
    }),
  "pre-stop-outlives-grace": () =>
    aReport({
      leaving: threeLeaving({ sleepSeconds: 10, exit: { ...KILLED, afterMs: 12_050 } }),
      marks: cutAfter(12_000, 1_900),
    }),
  "grace-too-short": () => aReport({ leaving: kills(), marks: cutAfter(10_000, 10_100) }),
  "shell-swallows-sigterm": () =>
    servingToTheEnd(aReport({ leaving: kills({ setup: { shell: "sh" } }), verdict: "fail" })),
  "drain-never-ends": () =>
    aReport({
      leaving: kills(),
      verdict: "fail",
      results: [promised(measured("forced-kills", 3), "fail")],
    }),
  "leaks-child-process": () =>
    aReport({
      leaving: kills(),
      verdict: "fail",
      results: [promised(measured("forced-kills", 3), "fail")],
      leaks: [1, 2, 3].map((n) => aLeak({ pod: `web-${n}`, of: "children", count: 1 })),
    }),
  "leaks-descriptors": () =>
    aReport({
      verdict: "fail",
      results: [promised(measured("leaks", 214), "fail")],
      leaks: [aLeak({ of: "descriptors", count: 214, sockets: 3 })],
    }),
  "ignores-sigterm": () => servingToTheEnd(aReport({ leaving: kills(), verdict: "fail" })),
  "crashes-while-draining": () =>
    aReport({
      leaving: threeLeaving({ exit: { exitCode: 1, reason: "Error", afterMs: 400 } }),
      marks: cutAfter(390),
    }),
  "restarts-under-load": () =>
    aReport({
      others: [
        aNewPod(-500, {
          pod: "web-9",
          restarts: [{ container: "web", atMs: 1_200, exitCode: 137, reason: "OOMKilled" }],
        }),
      ],
      marks: refusedAt(900, 1_000),
    }),
  "sidecar-stops-first": () =>
    aReport({
      leaving: threeLeaving({
        sleepSeconds: 1,
        exit: { afterMs: 4_000 },
        termination: {
          exits: [
            { container: "web", exitCode: 0, forced: false, finishedAt: "2026-11-24T10:00:09Z" },
            { container: "proxy", exitCode: 0, forced: false, finishedAt: "2026-11-24T10:00:06Z" },
          ],
        },
        lane: {
          setup: {
            graceSeconds: 10,
            containers: [
              { name: "web", sidecar: false },
              { name: "proxy", sidecar: false },
            ],
          },
        },
      }),
      marks: cutAfter(1_900),
    }),
  "exits-at-once": () =>
    aReport({
      leaving: threeLeaving({ exit: { exitCode: 143, reason: "Error", afterMs: 30 } }),
      marks: [...cutAfter(12), ...refusedAt(5_060, 8_070)],
    }),
  "drain-cut-short": () =>
    aReport({
      leaving: threeLeaving({ exit: { afterMs: 2_050 } }),
      marks: cutAfter(2_000, 2_400),
    }),
  "answers-503-while-draining": () =>
    aReport({
      marks: failures(3, (n) => ({
        atMs: 8_100 + n,
        reason: "server-error",
        status: 503,
        pod: "web-1",
        connection: "reused",
      })),
    }),
  "truncates-bodies": () =>
    aReport({
      marks: failures(3, (n) => ({
        atMs: 8_050 + 3_000 * n,
        reason: "truncated-body",
        status: 200,
        pod: `web-${n + 1}`,
      })),
    }),
  "single-replica": () => {
    const report = aReport({
      leaving: [aLeaving({ sleepSeconds: 3 })],
      others: [aNewPod(9_500)],
      marks: refusedAt(6_000, 7_000),
    });
    return { ...report, ...(report.workload && { workload: { ...report.workload, desired: 1 } }) };
  },
  "not-ready-under-load": () =>
    aReport({
      leaving: [],
      others: [1, 2].map((n) =>
        aNewPod(-500, {
          pod: `web-${n}`,
          endpoint: [
            { atMs: -400, state: "ready" },
            { atMs: 6_000 + n, state: "not-ready" },
          ],
          warnings: [
            {
              reason: "Unhealthy",
              message: "Readiness probe failed: context deadline exceeded",
              firstAtMs: 4_000,
              lastAtMs: 6_500,
            },
          ],
        }),
      ),
      marks: refusedAt(6_500, 6_700),
    }),
  "min-ready-seconds-zero": () =>
    aReport({
      marks: failures(2, (n) => ({
        atMs: 5_700 + n,
        reason: "server-error",
        status: 500,
        pod: "new-4500",
      })),
    }),
  "slow-start": () =>
    aReport({
      others: [
        aNewPod(4_800, {
          firstAnswerAtMs: 6_900,
          setup: { graceSeconds: 10, containers: [{ name: "web", sidecar: false }] },
        }),
      ],
      marks: refusedAt(5_400, 6_200),
    }),
  "endpoint-stays-ready": () =>
    aReport({
      leaving: threeLeaving({ sleepSeconds: 1, termination: { readyWhileTerminating: true } }),
      marks: refusedAt(6_200, 9_310, 12_150),
    }),
  "pre-stop-too-short": () =>
    aReport({
      leaving: threeLeaving({ sleepSeconds: 1 }),
      marks: refusedAt(6_200, 9_310, 12_150),
    }),
  "no-pre-stop": () =>
    aReport({ leaving: threeLeaving(), marks: refusedAt(5_200, 5_900, 8_700, 12_310) }),
  "closes-listener-early": () =>
    aReport({ leaving: threeLeaving(), marks: refusedAt(5_060, 5_100, 8_090) }),
  "readiness-too-slow": () => lingering("HTTP probe failed with statuscode: 503"),
  "readiness-stays-true": () => lingering(undefined),
  "keep-alive-race": () =>
    aReport({
      marks: failures(4, (n) => ({
        stream: "browse",
        atMs: 1_000 + 500 * n,
        reason: "closed-after-idle",
        connection: "reused",
        pod: "new-4500",
        attribution: "same-connection",
      })),
    }),
  "cuts-websockets": () =>
    aReport({
      connections: [1, 2, 3].map((n) =>
        aConnection({
          connectionId: n,
          place: n,
          pod: `web-${n}`,
          endedAtMs: 5_010 + 3_000 * n,
          end: { type: "cut", by: "fin" },
        }),
      ),
      marks: failures(3, (n) => ({
        stream: "chat",
        seq: n + 1,
        atMs: 8_010 + 3_000 * n,
        reason: "closed-before-response",
        connection: "reused",
        pod: `web-${n + 1}`,
        attribution: "same-connection",
      })),
    }),
  "cuts-keep-alive": () =>
    aReport({
      marks: failures(3, (n) => ({
        stream: "browse",
        atMs: 8_010 + 3_000 * n,
        reason: "closed-after-idle",
        connection: "reused",
        pod: `web-${n + 1}`,
        attribution: "same-connection",
      })),
    }),
  "stops-answering": () =>
    aReport({
      leaving: threeLeaving({ sleepSeconds: 1, exit: { afterMs: 6_000 } }),
      marks: failures(2, (n) => ({
        stream: "browse",
        atMs: 9_500 + n,
        livedMs: 3_000,
        reason: "headers-timeout",
        connection: "reused",
        pod: "web-1",
        attribution: "same-connection",
      })),
    }),
  "stalls-silently": () =>
    aReport({
      verdict: "fail",
      results: [promised(measured("longest-gap", 910), "fail")],
      gaps: [{ stream: "visit", fromMs: 8_000, lengthMs: 910, failures: 0, usualMs: 30 }],
    }),
  "halves-capacity": () => {
    const report = aReport({
      verdict: "fail",
      results: [promised(measured("capacity", 0.5), "fail")],
    });
    const workload = report.workload && { ...report.workload, desired: 4, maxUnavailable: "50%" };
    return { ...report, ...(workload && { workload }) };
  },
  "exit-code-143": () =>
    aReport({
      leaving: threeLeaving({ sleepSeconds: 3, exit: { exitCode: 143, reason: "Error" } }),
    }),
  "over-provisioned-pre-stop": () =>
    aReport({ leaving: threeLeaving({ sleepSeconds: 10, graceSeconds: 20 }) }),
  "over-provisioned-grace": () =>
    aReport({ leaving: threeLeaving({ sleepSeconds: 3, graceSeconds: 30 }) }),
};

/** New connections for 3 s after the endpoint had left, to pods that stayed Ready. */
function lingering(probeSaid: string | undefined): Report {
  const said = { reason: "Unhealthy", message: `Readiness probe failed: ${probeSaid}` };
  const warnings = [{ ...said, firstAtMs: 6_500, lastAtMs: 6_500 }];
  return aReport({
    leaving: [
      aLeaving({
        sleepSeconds: 1,
        exit: { afterMs: 2_500 },
        lane: {
          lastNewConnectionAtMs: 7_300,
          ...(probeSaid !== undefined && { warnings }),
        },
      }),
    ],
    marks: refusedAt(7_600, 8_000),
  });
}
