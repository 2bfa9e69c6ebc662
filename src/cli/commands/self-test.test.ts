import { describe, expect, it } from "vitest";
import { selfTestCommand } from "./self-test.ts";

async function run(...args: readonly string[]) {
  let text = "";
  const out = { write: (more: string) => (text += more) };
  const exitCode = await selfTestCommand.run(args, { out, err: out });
  return { exitCode, text };
}

describe("lastcall self-test", () => {
  it("lists what would be run", async () => {
    const { exitCode, text } = await run("--list", "--only", "exits-at-once", "--only", "healthy");
    expect(exitCode).toBe(0);
    expect(text.trim().split("\n")).toEqual([
      expect.stringMatching(/^exits-at-once +It exits on SIGTERM/),
      expect.stringMatching(/^healthy +The sample shop/),
    ]);
  });

  it.each([
    ["a name that there is not", "UNKNOWN_CATCH", ["--only", "exit-at-once"]],
    ["no number of jobs", "BAD_USAGE", ["--jobs", "0"]],
    ["no number of repetitions", "BAD_USAGE", ["--repeat", "some"]],
    ["an option that there is not", "ERR_PARSE_ARGS_UNKNOWN_OPTION", ["--fast"]],
  ])("refuses %s", async (_, code, args) => {
    await expect(run(...args)).rejects.toMatchObject({ code });
  });
});
