import { UsageError } from "#domain/errors.ts";
import type { Listener } from "./find-listeners.ts";

/** What the load will ask for. */
interface Wanted {
  readonly program: string;
  readonly port: number;
}

const EVERY_ADDRESS = new Set(["0.0.0.0", "::"]);

/** `silent` when it listens nowhere yet, else whether it can be reached, and if not, why. */
export function explainListening(
  listeners: readonly Listener[],
  { program, port }: Wanted,
): UsageError | "reached" | "silent" {
  if (listeners.length === 0) return "silent";
  const onPort = listeners.filter((one) => one.port === port);
  if (onPort.some(({ address, host }) => EVERY_ADDRESS.has(address) || address === host)) {
    return "reached";
  }
  if (onPort.length > 0) {
    const where = list(onPort.map(({ address }) => `${address}:${port}`));
    return new UsageError(
      "WRONG_ADDRESS",
      `${program} listens on ${where}, and not on the address of its pod.`,
      {
        hint: "That address is in the variable HOST; {host} in an argument stands for it. In a container 127.0.0.1 is reached by the container alone.",
      },
    );
  }
  const ports = [...new Set(listeners.map((one) => one.port))].toSorted((a, b) => a - b);
  return new UsageError(
    "WRONG_PORT",
    `${program} listens on port ${list(ports.map(String))}, and the load would go to port ${port}.`,
    {
      hint: `Say --port ${ports[0]}, or let it listen on the port in the variable PORT; {port} in an argument stands for it.`,
    },
  );
}

function list(words: readonly string[]): string {
  return [...new Set(words)].join(" and ");
}
