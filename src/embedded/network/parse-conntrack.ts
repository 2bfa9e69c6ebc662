import type { LedConnection } from "./connection-log.ts";

/**
 * A line of `conntrack -E -e NEW -p tcp`. The first two addresses are what the client wrote, the others what an
 * answer would carry: where it comes from is where the connection was led.
 *
 *   [NEW] tcp 6 120 SYN_SENT src=240.1.0.1 dst=240.1.0.11 sport=40000 dport=30080
 *     [UNREPLIED] src=240.1.2.3 dst=240.1.0.1 sport=8080 dport=40000
 */
const NEW =
  /\[NEW\] tcp .*?src=(\S+) dst=(\S+) sport=(\d+) dport=(\d+) .*?src=(\S+) dst=\S+ sport=(\d+)/;

/** Undefined for whatever is no new connection. One that was led nowhere ends where it was sent. */
export function parseConntrack(line: string): LedConnection | undefined {
  const [found, source, target, sourcePort, targetPort, answering, answeringPort] =
    NEW.exec(line) ?? [];
  if (found === undefined) return undefined;
  const to = `${target}:${targetPort}`;
  const backend = `${answering}:${answeringPort}`;
  return { client: `${source}:${sourcePort}`, to, ...(backend !== to && { backend }) };
}
