import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { text } from "node:stream/consumers";
import { afterEach, beforeEach, expect, it } from "vitest";

/* `lastcall try` as somebody types it beside a server of their own, which knows nothing of Lastcall. */
const main = join(import.meta.dirname, "../../src/cli/main.ts");
let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "my-server-"));
});
afterEach(() => rmSync(folder, { recursive: true }));

const SERVER = `
import { createServer } from "node:http";
const [host, port] = process.argv.slice(2);
let leaving = false;
const server = createServer(({ url }, response) => {
  if (leaving) response.setHeader("connection", "close");
  setTimeout(() => response.end(process.env.GREETING), url === "/slow" ? 2000 : 0); // longer than the preStop pause
}).listen(Number(port), host);
process.on("SIGTERM", () => {
  if (process.env.CARELESS) process.exit(0);
  leaving = true;
  // Each kept connection is used once a second: by then every client has been told to leave.
  setTimeout(() => server.close(() => process.exit(0)), 2000);
});
`;

async function tryServer(environment: Readonly<Record<string, string>>, ...options: string[]) {
  writeFileSync(join(folder, "server.mjs"), SERVER);
  const command = ["--", "node", "server.mjs", "{host}", environment["SERVER_PORT"] ?? "{port}"];
  const args = ["--conditions=source", main, "try", "--slow-path", "/slow", ...options, ...command];
  const child = spawn(process.execPath, args, {
    cwd: folder,
    env: { ...process.env, ...environment },
    stdio: ["ignore", "pipe", "pipe"],
  });
  const [output, errors, [exitCode]] = await Promise.all([
    text(child.stdout),
    text(child.stderr),
    once(child, "exit"),
  ]);
  return { exitCode, output, errors };
}

it("passes a server that goes on serving until nobody comes any more, and then drains", async () => {
  const environment = { GREETING: "hello", API_TOKEN: "canary-7" };
  const { exitCode, output } = await tryServer(environment, "--pre-stop", "1s");
  expect(output).toMatch(/^PASS {2}4 pods of my-server-/m);
  expect(exitCode).toBe(0);
  // What the program was given is in no file and on no screen.
  const files = readdirSync(join(folder, "reports"), { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map(({ parentPath, name }) => readFileSync(join(parentPath, name), "latin1"));
  expect(files.length).toBeGreaterThan(8);
  expect([output, ...files].filter((text) => text.includes("canary-7"))).toEqual([]);
});

it("says what a server loses that exits at once, and why", async () => {
  const { exitCode, output } = await tryServer({ GREETING: "hello", CARELESS: "yes" });
  expect(output).toMatch(/^FAIL .*dropped requests \d+ does not keep 0/m);
  expect(output).toContain("exits-at-once");
  expect(exitCode).toBe(1);
});

it("says which port a server listens on instead, before the deadline has passed", async () => {
  const { exitCode, errors } = await tryServer({ SERVER_PORT: "3000" });
  expect(errors).toMatch(/^WRONG_PORT: node .* listens on port 3000, .*\n {2}Say --port 3000/);
  expect(exitCode).toBe(64);
});
