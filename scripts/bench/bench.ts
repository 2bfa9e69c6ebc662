import { execFileSync } from "node:child_process";
import { availableParallelism, cpus, loadavg } from "node:os";
import { fileURLToPath } from "node:url";
import { print } from "./print.ts";

/*
 * All of docs/performance.md, measured anew: `npm run bench`, or `npm run bench -- ledger` for one part.
 * Each part is a process of its own. How busy the machine was before it is printed with it, because
 * figures from a busy machine are worth less.
 */
const PARTS = [
  "load",
  "ledger",
  "deregistration",
  "attribution",
  "report",
  "cluster",
  "scale",
  "sequences",
];

const wanted = process.argv.slice(2);
const unknown = wanted.filter((part) => !PARTS.includes(part));
if (unknown.length > 0) {
  process.stderr.write(`There is no part ${unknown.join(", ")}; there are ${PARTS.join(", ")}.\n`);
  process.exitCode = 64;
} else {
  print(`Node ${process.version}, ${availableParallelism()} × ${cpus()[0]?.model}`);
  for (const part of wanted.length > 0 ? wanted : PARTS) {
    print("", `_npm run bench -- ${part}_, load average before it ${loadavg()[0]?.toFixed(1)}`);
    const file = fileURLToPath(new URL(`./${part}.ts`, import.meta.url));
    execFileSync(process.execPath, ["--conditions=source", file], { stdio: "inherit" });
  }
}
