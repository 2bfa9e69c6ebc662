import { authorityOf, type ServiceWay } from "./service-ways.ts";
import { probeTcp } from "./tcp-probe.ts";

/** A way that is open: through these hosts, of all that it has. */
export interface OpenWay extends ServiceWay {
  /** Every host that is wanted as an entrance answered. */
  readonly complete: boolean;
}

/** The best way that takes a connection from here, and what was tried in vain. */
export interface Probed {
  readonly open?: OpenWay;
  /** `NodePort 10.0.0.1:30080 (ECONNREFUSED)`. */
  readonly failures: readonly string[];
}

const PROBE_LIMIT_MS = 1_000;

/** Tries one way after the other, all hosts of one at the same time. */
export async function probeWays(ways: readonly ServiceWay[], signal: AbortSignal): Promise<Probed> {
  const failures: string[] = [];
  for (const way of ways) {
    const { via, hosts, port } = way;
    const answers = await Promise.all(
      hosts.map((host) => probeTcp({ host, port, timeoutMs: PROBE_LIMIT_MS }, signal)),
    );
    const open = hosts.filter((_, i) => answers[i] === "open");
    failures.push(
      ...hosts.flatMap((host, i) =>
        answers[i] === "open" ? [] : `${via} ${authorityOf(host, port)} (${answers[i]})`,
      ),
    );
    if (open.length === 0) continue;
    const complete = !way.all || open.length === hosts.length;
    return { open: { ...way, hosts: way.all ? open : open.slice(0, 1), complete }, failures };
  }
  return { failures };
}
