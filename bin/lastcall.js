#!/usr/bin/env node
// Starts Lastcall on a Node that it can run on. npm installs one beside it (the package `node`), because
// the Node of the system may be older; a system Node that is new enough is used as it is. A checkout runs
// its sources, the published package what was built from them.
import { spawn } from "node:child_process";
import { existsSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

const [major = 0, minor = 0] = process.versions.node.split(".").map(Number);
const newEnough = major > 24 || (major === 24 && minor >= 12);
const source = fileURLToPath(new URL("../src/cli/main.ts", import.meta.url));
if (existsSync(source)) {
  start(newEnough ? process.execPath : ownNode(), ["--conditions=source", source]);
} else if (newEnough) {
  const { keepCompiled } = await import("../dist/src/cli/compile-cache.js");
  keepCompiled(process.env);
  const { main } = await import("../dist/src/cli/main.js");
  process.exitCode = await main(process.argv.slice(2), {
    out: process.stdout,
    err: process.stderr,
  });
} else {
  start(ownNode(), [fileURLToPath(import.meta.url)]);
}

function ownNode() {
  return join(dirname(createRequire(import.meta.url).resolve("node/package.json")), "bin", "node");
}

function start(node, args) {
  const child = spawn(node, [...args, ...process.argv.slice(2)], { stdio: "inherit" });
  // A terminal sends Ctrl-C to both of us; passed on, it would count as a second one, which ends at once.
  process.on("SIGINT", () => process.stdin.isTTY || child.kill("SIGINT"));
  for (const signal of ["SIGTERM", "SIGHUP"]) process.on(signal, () => child.kill(signal));
  child.on("error", (error) => {
    process.stderr.write(
      `NODE_TOO_OLD: Lastcall needs Node 24.12 or newer, and this is ${process.version} (${error.message}).\n` +
        "  Install a newer Node, or run `npm rebuild node` to fetch the one that comes with Lastcall.\n",
    );
    process.exitCode = 3;
  });
  child.on("exit", (code, signal) => {
    process.exitCode = code ?? (signal === null ? 3 : 130);
  });
}
