import { describe, expect, it } from "vitest";
import { HarnessError } from "#domain/errors.ts";
import { explainCrash } from "./explain-crash.ts";

const notReady = (message: string) =>
  new HarnessError("WORKLOAD_NOT_READY", message, { hint: "Look at its log." });

describe("explainCrash", () => {
  it("adds to a program that ended what a taken port has to do with it", () => {
    expect(explainCrash(notReady("Pod web-1: container app, last exit code 1."))).toMatchObject({
      message: "Pod web-1: container app, last exit code 1.",
      hint: expect.stringMatching(/^Look at its log\.\n.*address is in use.*\{host\}/),
    });
  });

  it("leaves every other error as it is", () => {
    const others = [
      notReady("The probe fails."),
      new HarnessError("X", "exit code 1", { hint: "" }),
      5,
    ];
    expect(others.map(explainCrash)).toEqual(others);
  });
});
