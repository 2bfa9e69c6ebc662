import { describe, expect, it } from "vitest";
import { ask, faulty } from "#test/support/ask-cause.ts";
import { aReport } from "#test/support/report-builders.ts";
import { exitCode143 } from "./exit-code-143.ts";

describe("exitCode143", () => {
  it("is a hint about pods that end as Failed though nothing was lost", () => {
    expect(ask(exitCode143, faulty("exit-code-143"))).toMatchObject({
      explanation: expect.stringContaining("exit code 143 in 3 of 3 pods"),
      hint: true,
    });
  });

  it("is silent when requests met these pods: then it is no matter of the code", () => {
    expect(ask(exitCode143, faulty("exits-at-once"))).toBeUndefined();
    expect(ask(exitCode143, aReport())).toBeUndefined();
  });
});
