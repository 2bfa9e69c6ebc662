import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { runProgram } from "./run-program.ts";
import { FakePrograms } from "./testing/fake-programs.ts";

const { signal } = new AbortController();

describe("runProgram", () => {
  let fakes: FakePrograms;

  beforeEach(() => {
    fakes = new FakePrograms();
  });
  afterEach(() => fakes.end());

  const run = (call: Partial<Parameters<typeof runProgram>[0]> = {}, within = signal) =>
    runProgram({ file: "tool", args: [], attempt: "do it", ...call }, within);

  it("returns the output, and tells each line of the progress once it is whole", async () => {
    fakes.program("tool", 'printf "first ha" >&2; printf "lf\\nsecond\\nrest" >&2; echo out "$1"');
    const lines: string[] = [];
    const output = await run({ args: ["a b"], onLine: (line) => lines.push(line) });
    expect(output).toBe("out a b\n");
    expect(lines).toEqual(["first half", "second"]);
  });

  it("shows the command, the exit code and the end of what was said, and a next step", async () => {
    fakes.program(
      "tool",
      "for i in 1 2 3 4 5 6 7 8 9 10 11 12 13; do echo line $i >&2; done; exit 3",
    );
    await expect(run({ args: ["x", "y"], advise: () => "Do this." })).rejects.toMatchObject({
      code: "PROGRAM_FAILED",
      message: expect.stringMatching(
        /^Could not do it: `tool x y` ended with exit code 3:\n {2}line 2\n(?: {2}line \d+\n){10} {2}line 13$/,
      ),
      hint: "Do this.",
    });
  });

  it("quotes the output of a program that complains there", async () => {
    fakes.program("tool", "echo sorry; exit 1");
    await expect(run()).rejects.toThrow(/exit code 1:\n {2}sorry$/);
  });

  it("says that there is no such program", async () => {
    await expect(run({ file: "nowhere" })).rejects.toThrow(
      "the program nowhere is not on the PATH",
    );
  });

  it("ends what the program had started too, when it is aborted", async () => {
    fakes.program("tool", 'sleep 300 & echo $! > "$FOLDER/pid"; echo started >&2; wait');
    const controller = new AbortController();
    const running = run({ onLine: () => controller.abort(new Error("enough")) }, controller.signal);
    await expect(running).rejects.toThrow("enough");
    const pid = readFileSync(join(fakes.folder, "pid"), "utf8").trim();
    expect(isAlive(pid)).toBe(false);
  });
});

/** A zombie has ended; only its parent has not looked yet. */
function isAlive(pid: string): boolean {
  const stat = `/proc/${pid}/stat`;
  return existsSync(stat) && !/\) [ZX] /.test(readFileSync(stat, "utf8"));
}
