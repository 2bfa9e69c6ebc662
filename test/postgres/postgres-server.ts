import { type ChildProcess, execFileSync, spawn } from "node:child_process";
import { once } from "node:events";
import { chownSync, existsSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { type AddressInfo, createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { Client } from "pg";

/** A password that no other text holds, so that a test can look for it in whatever a run wrote. */
export const PASSWORD = "nobody-may-see-this";

const USER = "shop";
const READY_WITHIN_MS = 20_000;

/** A real PostgreSQL server of its own, empty, on a free port of the loopback address. */
export interface PostgresServer {
  readonly url: string;
  /** For what the test itself wants of the database. */
  run(sql: string): Promise<readonly unknown[]>;
  /** Ends the server and removes its files. */
  stop(): Promise<void>;
}

/** Never the system's own cluster: data, socket and port are made for this test, and go with it. */
export async function startPostgres(): Promise<PostgresServer> {
  const programs = findPrograms();
  const folder = mkdtempSync(join(tmpdir(), "lastcall-postgres-"));
  const port = await freePort();
  const owner = unprivileged();
  let server: ChildProcess | undefined;
  const stop = async () => {
    if (server?.exitCode === null && server.signalCode === null) {
      const ended = once(server, "exit");
      server.kill("SIGINT"); // "fast": it does not wait for clients
      await ended;
    }
    rmSync(folder, { recursive: true, force: true });
  };
  try {
    initialize(programs, folder, owner);
    const settings = ["-D", join(folder, "data"), "-k", folder, "-h", "127.0.0.1", "-p", `${port}`];
    server = spawn(join(programs, "postgres"), [...settings, "-F"], { ...owner, stdio: "ignore" });
    await ready(server, urlOf(port, "postgres"));
    await query(urlOf(port, "postgres"), `CREATE DATABASE ${USER}`);
  } catch (error) {
    await stop();
    throw error;
  }
  const url = urlOf(port, USER);
  return { url, run: (sql) => query(url, sql), stop };
}

function findPrograms(): string {
  const debian = "/usr/lib/postgresql";
  const versions = existsSync(debian) ? readdirSync(debian) : [];
  const places = [
    ...(process.env["PATH"] ?? "").split(":"),
    ...versions.toSorted((a, b) => Number(b) - Number(a)).map((one) => join(debian, one, "bin")),
  ];
  const found = places.find((place) => existsSync(join(place, "initdb")));
  if (found !== undefined) return found;
  throw new Error(
    "There is no initdb: these tests need a real PostgreSQL server. apt-get install postgresql",
  );
}

/** The server refuses to run as root. */
function unprivileged(): { readonly uid?: number; readonly gid?: number } {
  if (process.getuid?.() !== 0) return {};
  const idOf = (flag: string) => Number(execFileSync("id", [flag, "nobody"], { encoding: "utf8" }));
  return { uid: idOf("-u"), gid: idOf("-g") };
}

function initialize(programs: string, folder: string, owner: ReturnType<typeof unprivileged>) {
  const passwordFile = join(folder, "password");
  writeFileSync(passwordFile, PASSWORD);
  if (owner.uid !== undefined && owner.gid !== undefined)
    for (const path of [folder, passwordFile]) chownSync(path, owner.uid, owner.gid);
  const settings = ["-D", join(folder, "data"), "-U", USER, "-E", "UTF8", "--no-sync"];
  const access = ["--auth=scram-sha-256", `--pwfile=${passwordFile}`];
  execFileSync(join(programs, "initdb"), [...settings, ...access], { ...owner, stdio: "pipe" });
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, "127.0.0.1");
  await once(server, "listening");
  const { port } = server.address() as AddressInfo;
  server.close();
  return port;
}

function urlOf(port: number, database: string): string {
  return `postgres://${USER}:${PASSWORD}@127.0.0.1:${port}/${database}`;
}

async function ready(server: ChildProcess, url: string): Promise<void> {
  const untilMs = performance.now() + READY_WITHIN_MS;
  for (;;) {
    const error = await query(url, "SELECT 1").then(
      () => undefined,
      (thrown: Error) => thrown,
    );
    if (error === undefined) return;
    if (server.exitCode !== null) throw new Error(`postgres ended with ${server.exitCode}.`);
    if (performance.now() > untilMs) throw error;
    await sleep(100);
  }
}

async function query(url: string, sql: string): Promise<readonly unknown[]> {
  const client = new Client({ connectionString: url });
  client.on("error", () => undefined); // `connect` or `query` says it as well
  try {
    await client.connect();
    const { rows } = await client.query(sql);
    return rows;
  } finally {
    await client.end().catch(() => undefined);
  }
}
