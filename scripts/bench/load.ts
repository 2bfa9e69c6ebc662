import { rateAccuracy, stallSeen } from "./accuracy.ts";
import { cpuPerRequest } from "./cpu.ts";
import { faultTable } from "./fault-table.ts";
import { lastcallClient, lastcallInProcess } from "./lastcall-client.ts";
import { stockAutocannon, undici } from "./other-clients.ts";
import { print } from "./print.ts";
import { isInstalled, PROGRAMS } from "./programs.ts";

const reused = lastcallClient("reused");
const fresh = lastcallClient("fresh");

/** Measures the load side and prints what it found as Markdown; nothing here is remembered or assumed. */
async function bench(): Promise<void> {
  print("## Load");
  await faults();
  print(
    "### 1,000 requests a second, for 10 s",
    "| connections | scheduled | sent | error of 100 ms buckets (RMS) | send lag p50 / p99 / max | late | worst loop delay |",
    "|---|---|---|---|---|---|---|",
  );
  for (const type of ["reused", "fresh"] as const) print(await rateAccuracy(type));
  print(
    "### The server stalls for 1 s, 200 requests a second for 5 s",
    "| connections | requests | p50 | p90 (true 500) | p99 (true 950) | max |",
    "|---|---|---|---|---|---|",
  );
  for (const type of ["reused", "fresh"] as const) print(await stallSeen(type));
  await cpu();
}

async function faults(): Promise<void> {
  const there = PROGRAMS.filter(({ name }) => isInstalled(name));
  const clients = [reused, fresh, stockAutocannon, undici, ...there];
  print("### Faults, against a server that keeps the truth", await faultTable(clients));
  for (const { name } of PROGRAMS.filter((program) => !there.includes(program)))
    print("", `${name} is not in this table: it is not installed (Debian's package ${name}).`);
}

async function cpu(): Promise<void> {
  const stock = await cpuPerRequest(stockAutocannon);
  print(
    "### CPU of a request",
    "| client | µs | times stock autocannon | requests a second and core |",
    "|---|---|---|---|",
    row(stockAutocannon.name, stock, stock),
  );
  for (const client of [lastcallInProcess, undici])
    print(row(client.name, await cpuPerRequest(client), stock));
}

function row(name: string, micros: number, stock: number): string {
  const perCore = Math.round(1_000_000 / micros).toLocaleString("en");
  return `| ${name} | ${micros.toFixed(0)} | ${(micros / stock).toFixed(2)} | ${perCore} |`;
}

await bench();
