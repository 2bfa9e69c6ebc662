import { execFileSync } from "node:child_process";
import { readFileSync } from "node:fs";

/** The size budget: a file that outgrows it holds more than one concept. */
const HARD_STOP_LINES = 350;
const MEDIAN_LINES = 80;

const files = execFileSync("git", ["ls-files", "src/**/*.[tj]s", "src/*.ts", "features/**/*.ts"], {
  encoding: "utf8",
})
  .split("\n")
  .filter((file) => /\.[tj]s$/.test(file) && !file.endsWith(".test.ts"));
if (files.length === 0) throw new Error("No source file was found: nothing was checked.");

const sizes = files.map((file) => ({
  file,
  lines: readFileSync(file, "utf8").split("\n").length - 1,
}));
const tooLong = sizes.filter(({ lines }) => lines > HARD_STOP_LINES);
const median = sizes.map(({ lines }) => lines).toSorted((a, b) => a - b)[sizes.length >> 1] ?? 0;
for (const { file, lines } of tooLong) {
  process.stderr.write(`${file}: ${lines} lines, and ${HARD_STOP_LINES} is the hard stop\n`);
}
process.stdout.write(
  `sizes: ${files.length} files, median ${median} lines, ${tooLong.length} too long\n`,
);
process.exitCode = tooLong.length === 0 && median <= MEDIAN_LINES ? 0 : 1;
