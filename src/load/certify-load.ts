import { mkdtemp, rm } from "node:fs/promises";
import { availableParallelism, loadavg, tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { HarnessError } from "#domain/errors.ts";
import type { LoadStream } from "#domain/load-profile.ts";
import type { LoadPlan, LoadResult } from "#ports/load-driver.ts";
import { certifyWebsockets } from "./certify-websockets.ts";
import { FaultServer } from "./faults/fault-server.ts";
import type { Fault } from "./faults/faults.ts";
import { gaveUp, objectionsTo, type TriedRequest } from "./objections.ts";
import { readLedger, readTransactions } from "./read-ledger.ts";
import { startLoad } from "./start-load.ts";

/** Each kind of stream, whatever its time-outs. */
type Untimed = LoadStream extends infer S
  ? S extends LoadStream
    ? Omit<S, "timeouts">
    : never
  : never;

const KEY_PREFIX = "certify";
const TRANSACTIONS = "transactions";
const LOAD_MS = 400;
const FAULTS: readonly Fault[] = [
  "no-answer-fin",
  "mid-body-rst",
  "unavailable-close",
  "body-cut-short",
  "no-answer-rst",
  "announced-close",
  "mid-chunk-fin",
  "closed-as-client-writes",
  "unavailable",
  "answered-then-fin",
  "silence",
];
const COMMON = {
  arrival: { type: "constant", perSecond: 250 },
  connections: 128,
  expect: { statusMin: 200, statusMax: 299 },
} as const;
const GET_ITEMS = { method: "GET", path: "/items", headers: {} } as const;
/** Of each try, how long a request may take. Silent answers are waited for: the first is short for that. */
const PATIENCE_MS = [600, 2_000, 6_000];

const SPARE_MS = 1_400;

const STREAMS: readonly Untimed[] = [
  { ...COMMON, type: "reused", name: "reused", request: GET_ITEMS },
  { ...COMMON, type: "fresh", name: "fresh", request: GET_ITEMS },
  {
    ...COMMON,
    type: "transactions",
    name: TRANSACTIONS,
    arrival: { type: "constant", perSecond: 100 },
    steps: ["reserve", "pay"].map((name) => ({
      name,
      method: "POST",
      path: `/orders/${name}`,
      headers: {},
      body: "{{key}}",
    })),
    audit: { type: "http", path: "/ledger" },
    effects: ["reserve", "pay"],
  },
];

/** What a certification rests on. */
export interface LoadCertificate {
  readonly requests: number;
  readonly faults: number;
}

/** What one try has shown. */
interface Trial {
  readonly certificate: LoadCertificate;
  readonly objections: readonly string[];
  /** A request that the server answered was given up before: the machine was slow, and the try says nothing. */
  readonly isCutShort: boolean;
}

/**
 * Tries the load in this very environment against a server that does wrong on purpose, and throws a
 * HarnessError when a single request is counted otherwise than the server saw it. To be called before a
 * run, because Node, autocannon and the machine are parts of the measurement too.
 */
export async function certifyLoad(patience = PATIENCE_MS): Promise<LoadCertificate> {
  let objections: readonly string[] = [];
  for (const patienceMs of patience) {
    const trial = await tryLoad(patienceMs);
    if (trial.objections.length === 0) return trial.certificate;
    objections = trial.objections;
    if (!trial.isCutShort) break;
  }
  throw notCertified(objections);
}

async function tryLoad(patienceMs: number): Promise<Trial> {
  const directory = await mkdtemp(join(tmpdir(), "lastcall-certify-"));
  const server = await FaultServer.start({ pod: "certify-0" });
  const timeouts = { connectMs: patienceMs, headersMs: patienceMs, bodyMs: patienceMs };
  const run = (plan: Pick<LoadPlan, "baseUrl" | "streams" | "directory">) =>
    runLoad({ ...plan, drainMs: patienceMs + SPARE_MS });
  try {
    server.configure({ faults: FAULTS, every: 7, delayMs: 0 });
    const streams = STREAMS.map((stream) => ({ ...stream, timeouts }));
    const [result, websockets] = await Promise.all([
      run({ baseUrl: server.url, streams, directory }),
      certifyWebsockets({
        ...{ keyPrefix: KEY_PREFIX, common: { ...COMMON, timeouts }, run },
        directory: await mkdtemp(join(directory, "websocket-")),
      }),
    ]);
    const truth = server.truth();
    const tried = result.accounts.map((account) => ({
      ...{ account, truth },
      requests: requestsOf(account.stream, directory),
    }));
    const objections = tried.flatMap(objectionsTo);
    if (result.audit?.type !== "read") objections.push("The audit could not be read back.");
    if (truth.duplicates.length > 0) objections.push("Requests were sent twice.");
    if (truth.faulted.length === 0) objections.push("No request met a fault.");
    objections.push(...websockets.objections);
    const certificate = {
      requests: truth.requests + websockets.requests,
      faults: truth.faulted.length + websockets.faults,
    };
    return { certificate, objections, isCutShort: websockets.isCutShort || tried.some(gaveUp) };
  } finally {
    await server.stop();
    await rm(directory, { recursive: true });
  }
}

async function runLoad(
  plan: Pick<LoadPlan, "baseUrl" | "streams" | "directory" | "drainMs">,
): Promise<LoadResult> {
  const load = await startLoad({
    ...plan,
    runStartedAtMs: performance.timeOrigin + performance.now(),
    keyPrefix: KEY_PREFIX,
    podHeader: "X-Pod",
  });
  try {
    await sleep(LOAD_MS);
    return await load.stop();
  } finally {
    await load.abort();
  }
}

/** The outcome of every request of a stream that was sent, under the name that the server knows it by. */
function requestsOf(stream: string, directory: string): readonly TriedRequest[] {
  const exchanges = readLedger(directory, stream);
  const steps = new Map(
    (stream === TRANSACTIONS ? readTransactions(directory) : []).flatMap(({ key, steps }) =>
      steps.map(({ name, exchange }) => [exchange, `${key}/orders/${name}`]),
    ),
  );
  return exchanges
    .filter(({ outcome }) => outcome.type !== "undelivered")
    .map(({ seq, outcome }) => ({
      name: steps.get(seq) ?? `${KEY_PREFIX}-${stream}-${seq}${GET_ITEMS.path}`,
      outcome,
    }));
}

function loadAverage(): string {
  return `${loadavg()[0]?.toFixed(1)} on ${availableParallelism()} processors`;
}

function notCertified(objections: readonly string[]): HarnessError {
  return new HarnessError(
    "LOAD_NOT_CERTIFIED",
    `The load miscounts here: ${objections.join(" ")}`,
    {
      hint: [
        "Nothing measured with it would be true.",
        `A machine that is far too busy makes requests run into their time-outs (load average ${loadAverage()}): try again when it is not.`,
        `Otherwise: is autocannon unchanged, and Node ${process.version} supported?`,
      ].join(" "),
    },
  );
}
