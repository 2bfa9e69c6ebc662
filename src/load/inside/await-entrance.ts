import { once } from "node:events";
import { connect } from "node:net";
import { setTimeout as sleep } from "node:timers/promises";
import { HarnessError, messageOf } from "#domain/errors.ts";
import { entranceOf, parseTarget } from "#load/target.ts";
import type { LoadPlan } from "#ports/load-driver.ts";

/** A data path that has not learned its endpoints yet refuses; no event tells when it has. */
const PATIENCE_MS = 10_000;
const PAUSE_MS = 250;
const CONNECT_MS = 2_000;

/** Fulfilled when the Service takes a connection from here: before that, failures would be ours. */
export async function awaitEntrance({ baseUrl, hosts }: LoadPlan): Promise<void> {
  const target = parseTarget(baseUrl, hosts);
  const { host } = entranceOf(target, 0);
  const untilMs = performance.now() + PATIENCE_MS;
  for (;;) {
    const refusal = await tryToConnect(host, target.port);
    if (refusal === undefined) return;
    if (performance.now() > untilMs)
      throw new HarnessError(
        "SERVICE_UNREACHABLE",
        `Could not reach ${baseUrl} from within the cluster: ${refusal}`,
        {
          hint: "Does a NetworkPolicy keep the load workers out? Their pods carry the label app.kubernetes.io/managed-by: lastcall.",
        },
      );
    await sleep(PAUSE_MS);
  }
}

/** Undefined when it went well, else what was said. */
async function tryToConnect(host: string, port: number): Promise<string | undefined> {
  const socket = connect({ host, port });
  try {
    await once(socket, "connect", { signal: AbortSignal.timeout(CONNECT_MS) });
    return undefined;
  } catch (error) {
    return messageOf(error);
  } finally {
    socket.destroy();
  }
}
