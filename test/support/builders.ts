import type { Exchange } from "#domain/exchange.ts";
import type { HeldConnection } from "#domain/held-connection.ts";
import type { History, StreamAccount } from "#domain/history.ts";
import type {
  HttpStream,
  LoadStream,
  TransactionStream,
  WebsocketStream,
} from "#domain/load-profile.ts";
import type { EndpointSnapshot, Observation, PodSnapshot } from "#domain/observation.ts";
import type { Recipe } from "#domain/recipe.ts";
import type { Transaction } from "#domain/transaction.ts";

/*
 * Builders supply the boring fields, so that a test shows only what it is about. The standard history:
 * load from 0 to 10,000 ms, one pod `web-1` of two leaving between 4,000 and 6,000 ms, a margin of 500 ms.
 */

export function anExchange(fields: Partial<Exchange> = {}): Exchange {
  const sentAtMs = fields.sentAtMs ?? fields.scheduledAtMs ?? 100;
  return {
    seq: 1,
    stream: "reused",
    scheduledAtMs: sentAtMs,
    sentAtMs,
    endedAtMs: sentAtMs + 5,
    connection: "reused",
    connectionId: 1,
    bytes: 100,
    late: false,
    outcome: { type: "ok", status: 200 },
    ...fields,
  };
}

/** A lost answer: the connection was reset after the request had been sent. */
export const RESET = { type: "indeterminate", reason: "reset-before-response" } as const;

export function aStream(fields: Partial<HttpStream> = {}): HttpStream {
  return {
    type: "reused",
    name: "reused",
    arrival: { type: "constant", perSecond: 100 },
    request: { method: "GET", path: "/", headers: {} },
    connections: 16,
    timeouts: { connectMs: 1000, headersMs: 1000, bodyMs: 1000 },
    expect: { statusMin: 200, statusMax: 399 },
    ...fields,
  } as HttpStream; // the helper that extends the profile may add optional fields
}

export function aTransactionStream(fields: Partial<TransactionStream> = {}): TransactionStream {
  return {
    type: "transactions",
    name: "orders",
    arrival: { type: "constant", perSecond: 10 },
    steps: [
      { name: "reserve", method: "POST", path: "/orders", headers: {} },
      { name: "charge", method: "POST", path: "/orders/{{key}}/charge", headers: {} },
    ],
    audit: { type: "http", path: "/audit" },
    effects: ["reserve", "charge"],
    connections: 4,
    timeouts: { connectMs: 1000, headersMs: 1000, bodyMs: 1000 },
    expect: { statusMin: 200, statusMax: 299 },
    ...fields,
  } as TransactionStream; // as above
}

export function aTransaction(fields: Partial<Transaction> = {}): Transaction {
  return {
    key: "k1",
    startedAtMs: 4_500,
    endedAtMs: 4_600,
    acknowledged: true,
    steps: [
      { name: "reserve", exchange: 1, outcome: "ok" },
      { name: "charge", exchange: 2, outcome: "ok" },
    ],
    ...fields,
  };
}

export function aPod(fields: Partial<PodSnapshot> = {}): PodSnapshot {
  const name = fields.name ?? "web-1";
  return {
    name,
    uid: `uid-${name}`,
    node: "node-1",
    ip: "10.0.0.1",
    revision: "old",
    phase: "Running",
    ready: true,
    terminationGracePeriodSeconds: 10,
    containers: [{ name: "app", ready: true, restartCount: 0, state: "running" }],
    ...fields,
  };
}

export function seen(
  atMs: number,
  pod: PodSnapshot,
  change: "added" | "modified" | "deleted" = "modified",
): Observation {
  return { type: "pod", atMs, change, pod };
}

export function endpointsAt(
  atMs: number,
  endpoints: Readonly<Record<string, "ready" | "terminating" | "not-ready">>,
): Observation {
  const list = Object.entries(endpoints).map(
    ([pod, state]): EndpointSnapshot => ({
      address: `ip-${pod}`,
      pod,
      ready: state === "ready",
      serving: state !== "not-ready",
      terminating: state === "terminating",
    }),
  );
  return {
    type: "endpoint-slice",
    atMs,
    change: "modified",
    slice: "web-abc",
    service: "web",
    endpoints: list,
  };
}

const DELETED = { deletionTimestamp: "2026-11-24T10:00:14Z", deletionGracePeriodSeconds: 10 };

/** `web-1` is deleted at 4,000 ms, out of the endpoints at 4,020, exits at 5,900 and is gone at 6,000. */
export function leaving(
  exit: { exitCode?: number; reason?: string; atMs?: number } = {},
): Observation[] {
  const { exitCode = 0, reason = "Completed", atMs = 5_900 } = exit;
  const state = { name: "app", ready: false, restartCount: 0, state: "terminated" } as const;
  const exited = { ...DELETED, containers: [{ ...state, exitCode, reason }], ready: false };
  return [
    seen(0, aPod(), "added"),
    seen(0, aPod({ name: "web-2", revision: "new" }), "added"),
    endpointsAt(10, { "web-1": "ready", "web-2": "ready" }),
    seen(4_000, aPod(DELETED)),
    endpointsAt(4_020, { "web-1": "terminating", "web-2": "ready" }),
    seen(atMs, aPod({ ...exited, phase: exitCode === 0 ? "Succeeded" : "Failed" })),
    endpointsAt(atMs + 10, { "web-2": "ready" }),
    seen(atMs + 100, aPod(exited), "deleted"),
  ];
}

/** The account that a sound load gives of these exchanges. */
export function accountOf(stream: string, exchanges: readonly Exchange[]): StreamAccount {
  const own = exchanges.filter((exchange) => exchange.stream === stream);
  const count = (type: Exchange["outcome"]["type"]) =>
    own.filter(({ outcome }) => outcome.type === type).length;
  return {
    stream,
    scheduled: own.length,
    ok: count("ok"),
    failed: count("failed"),
    indeterminate: count("indeterminate"),
    undelivered: count("undelivered"),
    late: own.filter(({ late }) => late).length,
    worstLoopDelayMs: 1,
    harnessFailures: [],
  };
}

export function aWebsocketStream(): WebsocketStream {
  return {
    type: "websocket",
    name: "chat",
    arrival: { type: "constant", perSecond: 100 },
    path: "/chat",
    headers: {},
    message: "{{key}}",
    connections: 16,
    timeouts: { connectMs: 1000, headersMs: 1000, bodyMs: 1000 },
  };
}

/** One that is held to `web-1` until the load ends. */
export function aConnection(fields: Partial<HeldConnection> = {}): HeldConnection {
  return {
    stream: "chat",
    connectionId: 1,
    place: 0,
    openedAtMs: 0,
    endedAtMs: 10_000,
    pod: "web-1",
    end: { type: "held" },
    unanswered: 0,
    repeated: 0,
    ...fields,
  };
}

/** How a run of the scenario beside the reports folder is done again. */
export function aRecipe(fields: Partial<Recipe> = {}): Recipe {
  const digests = { manifests: "m", service: "s", images: "i", load: "l", timing: "t" };
  return { scenario: "../web/scenario.yaml", digests, cluster: "embedded", ...fields };
}

export function aHistory(
  fields: Partial<Omit<History, "header">> & { readonly load?: readonly LoadStream[] } = {},
): History {
  const { load = [aStream()], ...rest } = fields;
  return {
    header: {
      format: 1,
      runId: "run-1",
      scenario: "web",
      startedAt: "2026-11-24T10:00:00.000Z",
      workload: { kind: "Deployment", namespace: "default", name: "web" },
      disruptions: [],
      load,
      marginMs: 500,
      environment: {
        lastcall: "0.0.0",
        node: "v24",
        platform: "linux",
        cluster: "test",
        kubernetes: "v1.36",
        images: [],
      },
    },
    closing: {
      phases: [
        { name: "control", startedAtMs: 0, endedAtMs: 4_000, demandedMs: 4_000 },
        { name: "recovery", startedAtMs: 9_000, endedAtMs: 10_000, demandedMs: 1_000 },
      ],
      streams: load.map(({ name }) => accountOf(name, [...(rest.exchanges ?? [])])),
    },
    observations: leaving(),
    exchanges: [],
    transactions: [],
    ...rest,
  };
}
