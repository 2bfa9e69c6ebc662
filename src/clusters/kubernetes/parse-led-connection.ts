import type { DataPathWord } from "#domain/data-path-word.ts";
import type { Entrances } from "#ports/data-path-witness.ts";

/** `{"client":"127.0.0.1:40000","to":"127.7.0.11:30080","backend":"127.7.2.4:8080"}` */
interface LedConnection {
  readonly client: string;
  readonly to: string;
  readonly backend?: string;
  readonly refused?: boolean;
}

/** One line of a node's data path; undefined for connections that the load did not open. */
export function parseLedConnection(
  line: string,
  { hosts, port }: Entrances,
): Omit<DataPathWord, "atMs"> | undefined {
  const { client, to, backend, refused = false } = JSON.parse(line) as LedConnection; // a data path is trusted as an API server is
  const entered = splitPort(to);
  const clientPort = splitPort(client).port;
  const entrance = hosts.indexOf(entered.host) + 1;
  if (entrance === 0 || entered.port !== port || Number.isNaN(clientPort)) return undefined;
  return { entrance, clientPort, ...(backend && { backend: splitPort(backend).host }), refused };
}

function splitPort(address: string): { readonly host: string; readonly port: number } {
  const at = address.lastIndexOf(":");
  return { host: address.slice(0, at), port: Number.parseInt(address.slice(at + 1), 10) };
}
