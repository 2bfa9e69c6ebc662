import { execFileSync } from "node:child_process";
import { describe, expect, it } from "vitest";

const SCRIPT = `import { getPriority } from "node:os";
import { stepBehindTheRun } from "${new URL("step-behind-the-run.ts", import.meta.url)}";
stepBehindTheRun();
process.stdout.write(String(getPriority()));`;

function priorityAfter(nice: number): string {
  const program = [process.execPath, "--input-type=module", "--eval", SCRIPT];
  return execFileSync("nice", ["-n", String(nice), ...program], { encoding: "utf8" });
}

describe("stepBehindTheRun", () => {
  it("leaves a priority that is lower already, which only root could raise", () => {
    expect(priorityAfter(19)).toBe("19");
  });

  it("goes behind whoever has the usual one", () => {
    const own = Number(execFileSync("nice", { encoding: "utf8" }));
    expect(Number(priorityAfter(0))).toBe(Math.max(own, 5));
  });
});
