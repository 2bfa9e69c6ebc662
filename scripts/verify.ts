import { spawnSync } from "node:child_process";

/** Everything that must hold before a commit; every failure is named at the end, not only the first. */
const CHECKS = ["types", "lint", "imports", "sizes", "test"];

const failed = CHECKS.filter((check) => {
  process.stdout.write(`\n── npm run ${check}\n`);
  return spawnSync("npm", ["run", "--silent", check], { stdio: "inherit" }).status !== 0;
});
process.stdout.write(
  failed.length === 0 ? "\nverify: all checks hold\n" : `\nverify: failed: ${failed.join(", ")}\n`,
);
process.exitCode = failed.length === 0 ? 0 : 1;
