#!/usr/bin/env node
// Starts Lastcall on a Node that it can run on. npm installs one beside it (the package `node`), because
// the Node of the system may be older; a system Node that is new enough is used as it is.
import { spawn } from "node:child_process";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";

const [major = 0, minor = 0] = process.versions.node.split(".").map(Number);
if (major > 24 || (major === 24 && minor >= 12)) {
  const { main } = await import("../dist/src/cli/main.js");
  process.exitCode = await main(process.argv.slice(2), {
    out: process.stdout,
    err: process.stderr,
  });
} else {
  const node = join(
    dirname(createRequire(import.meta.url).resolve("node/package.json")),
    "bin",
    "node",
  );
  const child = spawn(node, process.argv.slice(1), { stdio: "inherit" });
  for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"])
    process.on(signal, () => child.kill(signal));
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
