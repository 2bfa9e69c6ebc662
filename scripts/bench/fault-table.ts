import { setTimeout as sleep } from "node:timers/promises";
import type { FaultTruthReport } from "#load/faults/fault-truth.ts";
import type { Fault } from "#load/faults/faults.ts";
import { startFaultServer } from "../../test/fixtures/fault-server.ts";
import type { BenchClient, ClientCount } from "./bench-client.ts";

const AMOUNT = { requests: 1_000, perSecond: 1_000, connections: 50 } as const;
const EVERY = 50;
/** A client that has not finished by then has lost count of its own requests. */
const PATIENCE_MS = 10_000;

interface FaultCase {
  readonly title: string;
  readonly fault: Fault | "refused";
  readonly every?: number;
  /** Requests may be lost without the server ever seeing them: it can only vouch for the answers. */
  readonly unseen?: boolean;
}

/** The 17 ways in which the terminations of real workloads fail their clients. */
const CASES: readonly FaultCase[] = [
  { title: "FIN, no answer", fault: "no-answer-fin" },
  { title: "RST, no answer", fault: "no-answer-rst" },
  { title: "FIN in the body", fault: "mid-body-fin" },
  { title: "RST in the body", fault: "mid-body-rst" },
  { title: "FIN in a chunk", fault: "mid-chunk-fin" },
  { title: "RST in a chunk", fault: "mid-chunk-rst" },
  { title: "FIN after the answer", fault: "answered-then-fin" },
  { title: "RST after the answer", fault: "answered-then-rst", unseen: true },
  { title: "closed as the client writes", fault: "closed-as-client-writes" },
  { title: "body 20 bytes short, FIN", fault: "body-cut-short" },
  { title: "length 5,000 too long, FIN", fault: "length-too-long" },
  { title: "half a body, left open", fault: "half-body-left-open" },
  { title: "503", fault: "unavailable" },
  { title: "503 and close", fault: "unavailable-close" },
  { title: "no answer, left open", fault: "silence" },
  { title: "refused for 500 ms", fault: "refused", unseen: true },
  { title: "every answer closes", fault: "announced-close", every: 1 },
];

/** One row for each case, one column for each client; `exact` or what the client said instead. */
export async function faultTable(clients: readonly BenchClient[]): Promise<string> {
  const exact = clients.map(() => 0);
  const rows: string[] = [];
  for (const each of CASES) {
    const cells: string[] = [];
    for (const [index, client] of clients.entries()) {
      const cell = await tryCase(each, client);
      if (cell === "exact") exact[index] = (exact[index] ?? 0) + 1;
      cells.push(cell);
    }
    rows.push(`| ${each.title} | ${cells.join(" | ")} |`);
  }
  return [
    `| server does, every ${EVERY}th request | ${clients.map(({ name }) => name).join(" | ")} |`,
    `|---|${clients.map(() => "---|").join("")}`,
    ...rows,
    `| **exact** | ${exact.map((count) => `**${count} of ${CASES.length}**`).join(" | ")} |`,
  ].join("\n");
}

async function tryCase({ fault, every, unseen }: FaultCase, client: BenchClient): Promise<string> {
  const server = await startFaultServer();
  try {
    if (fault !== "refused") await server.configure({ faults: [fault], every: every ?? EVERY });
    const refusing = fault === "refused" ? refuseLater(server) : undefined;
    const signal = AbortSignal.timeout(PATIENCE_MS);
    const counted = await client.run(server.url, AMOUNT, signal);
    await refusing;
    const inFlight = client.stopsByTime === true ? AMOUNT.connections : 0;
    const cell = describe(counted, await server.truth(), { unseen: unseen === true, inFlight });
    return signal.aborted ? `${cell}; hung` : cell;
  } finally {
    await server.stop();
  }
}

async function refuseLater(server: { refuse(ms: number): Promise<void> }): Promise<void> {
  await sleep(400);
  await server.refuse(500);
}

interface Allowance {
  /** Of what failed the server knows nothing. */
  readonly unseen: boolean;
  /** So many requests the client may have been stopped in the middle of. */
  readonly inFlight: number;
}

function describe(
  counted: ClientCount,
  truth: FaultTruthReport,
  { unseen, inFlight }: Allowance,
): string {
  const ok = truth.ok.length;
  const notOk = truth.requests - ok;
  const missing = [ok - counted.ok, unseen ? 0 : notOk - counted.notOk];
  const isExact = missing.every((count) => count >= 0) && sum(missing) <= inFlight;
  if (isExact) return "exact";
  const seen = `${counted.ok} ok, ${counted.notOk} not`;
  return unseen ? `${seen}; true ${ok} ok` : `${seen}; true ${ok} and ${notOk}`;
}

function sum(counts: readonly number[]): number {
  return counts.reduce((total, count) => total + count, 0);
}
