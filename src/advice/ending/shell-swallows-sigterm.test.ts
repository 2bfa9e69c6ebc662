import { describe, expect, it } from "vitest";
import { ask, faulty } from "#test/support/ask-cause.ts";
import { shellSwallowsSigterm } from "./shell-swallows-sigterm.ts";

describe("shellSwallowsSigterm", () => {
  it("speaks when a killed container has a shell in front of its program", () => {
    expect(ask(shellSwallowsSigterm, faulty("shell-swallows-sigterm"))?.explanation).toContain(
      "makes sh PID 1",
    );
  });

  it("is silent without a shell, and when the program had heard of SIGTERM after all", () => {
    expect(ask(shellSwallowsSigterm, faulty("ignores-sigterm"))).toBeUndefined();
    const heard = faulty("shell-swallows-sigterm").lanes.map((lane) => ({
      ...lane,
      lastReusedRequestAtMs: 5_400,
    }));
    expect(
      ask(shellSwallowsSigterm, { ...faulty("shell-swallows-sigterm"), lanes: heard }),
    ).toBeUndefined();
  });
});
