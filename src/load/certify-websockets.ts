import { readFileSync } from "node:fs";
import { join } from "node:path";
import type { HeldConnection } from "#domain/held-connection.ts";
import type { WebsocketStream } from "#domain/load-profile.ts";
import type { LoadPlan, LoadResult } from "#ports/load-driver.ts";
import type { LoadCertificate } from "./certify-load.ts";
import { WebsocketFaultServer } from "./faults/websocket-fault-server.ts";
import { gaveUp, objectionsTo } from "./objections.ts";
import { readLedger } from "./read-ledger.ts";
import { CONNECTIONS_FILE } from "./websocket-driver.ts";

/** What the rest of the certification has settled already. */
interface Trial {
  readonly directory: string;
  readonly keyPrefix: string;
  readonly common: Pick<WebsocketStream, "arrival" | "timeouts">;
  run(plan: Pick<LoadPlan, "baseUrl" | "streams" | "directory">): Promise<LoadResult>;
}

interface TriedWebsockets extends LoadCertificate {
  readonly objections: readonly string[];
  /** A message was given up before its answer came. */
  readonly isCutShort: boolean;
}

const NAME = "websocket";

/** Tries connections that are held open: which messages were answered, and which connections the server cut. */
export async function certifyWebsockets({
  directory,
  keyPrefix,
  common,
  run,
}: Trial): Promise<TriedWebsockets> {
  const server = await WebsocketFaultServer.start();
  try {
    const result = await run({
      baseUrl: server.url,
      directory,
      streams: [
        {
          ...{ ...common, type: "websocket", name: NAME, path: "/", headers: {} },
          ...{ message: "{{key}}", connections: 16 },
        },
      ],
    });
    const truth = server.truth();
    const exchanges = readLedger(directory, NAME);
    const requests = exchanges
      .filter(({ outcome }) => outcome.type !== "undelivered")
      .map(({ seq, outcome }) => ({ name: `${keyPrefix}-${NAME}-${seq}`, outcome }));
    const objections = result.accounts.flatMap((account) =>
      objectionsTo({ account, truth, requests }),
    );
    const cut = readConnections(directory).filter(({ end }) => end.type === "cut").length;
    if (truth.faulted.length === 0) objections.push(`${NAME}: no message met a fault.`);
    if (cut !== truth.faulted.length)
      objections.push(
        `${NAME}: ${cut} connections are called cut, and the server cut ${truth.faulted.length}.`,
      );
    const isCutShort = gaveUp({ requests, truth });
    return { requests: truth.requests, faults: truth.faulted.length, objections, isCutShort };
  } finally {
    await server.stop();
  }
}

function readConnections(directory: string): readonly HeldConnection[] {
  const lines = readFileSync(join(directory, CONNECTIONS_FILE), "utf8").split("\n").slice(0, -1);
  return lines.map((line) => JSON.parse(line) as HeldConnection); // the driver wrote them
}
