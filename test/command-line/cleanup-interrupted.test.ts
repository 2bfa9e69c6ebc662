import { spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { text } from "node:stream/consumers";
import { expect, it } from "vitest";

const main = join(import.meta.dirname, "../../src/cli/main.ts");

it("lastcall cleanup ends at Ctrl-C while a cluster does not answer, and keeps the log", async () => {
  await using stack = new AsyncDisposableStack();
  const folder = mkdtempSync(join(tmpdir(), "lastcall-cleanup-"));
  stack.defer(() => rmSync(folder, { recursive: true }));
  const silent = createServer().listen(0, "127.0.0.1");
  await once(silent, "listening");
  stack.defer(() => void silent.close());
  const { port } = silent.address() as { port: number }; // of a TCP server
  const kubeconfig = join(folder, "kubeconfig");
  const config = {
    clusters: [{ name: "c", cluster: { server: `http://127.0.0.1:${port}` } }],
    users: [{ name: "u", user: {} }],
    contexts: [{ name: "test", context: { cluster: "c", user: "u" } }],
  };
  writeFileSync(kubeconfig, JSON.stringify({ apiVersion: "v1", kind: "Config", ...config }));
  const log = join(folder, "lastcall/undo/4f1a.ndjson");
  mkdirSync(join(log, ".."), { recursive: true });
  const killed = { pid: 4_194_305 }; // above the largest that Linux gives
  const run = { format: 1, runId: "4f1a", startedAt: "2026-11-24T10:00:00Z", process: killed };
  writeFileSync(
    log,
    `${JSON.stringify({ ...run, cluster: "context:test", kubeconfig, namespace: "default" })}\n`,
  );
  const env = { ...process.env, XDG_STATE_HOME: folder };
  const child = spawn(process.execPath, ["--conditions=source", main, "cleanup"], { env });
  const output = Promise.all([text(child.stdout), text(child.stderr)]);
  const [socket] = await once(silent, "connection");
  stack.defer(() => void socket.destroy());
  child.kill("SIGINT");
  const [code] = await once(child, "exit");
  expect((await output)[1]).toContain("Interrupted");
  expect(code).toBe(130);
  expect(existsSync(log)).toBe(true);
});
