import { type ChildProcess, fork } from "node:child_process";
import { once } from "node:events";
import type { AddressInfo } from "node:net";
import { fileURLToPath } from "node:url";
import type { BenchAmount, BenchClient } from "./bench-client.ts";

const AMOUNT: BenchAmount = { requests: 40_000, perSecond: 8_000, connections: 128 };

/** Microseconds of this process's CPU for each request, all of its threads together; the server is another. */
export async function cpuPerRequest(client: BenchClient): Promise<number> {
  const server = await startPlainServer();
  try {
    await client.run(server.url, { ...AMOUNT, requests: AMOUNT.requests / 4 });
    const before = process.cpuUsage();
    const { ok } = await client.run(server.url, AMOUNT);
    const { user, system } = process.cpuUsage(before);
    return (user + system) / ok;
  } finally {
    server.child.disconnect();
    await once(server.child, "exit");
  }
}

async function startPlainServer(): Promise<{ readonly child: ChildProcess; readonly url: string }> {
  const child = fork(fileURLToPath(new URL("./plain-server.ts", import.meta.url)));
  const [address] = (await once(child, "message")) as [AddressInfo];
  return { child, url: `http://127.0.0.1:${address.port}` };
}
