import { describe, expect, it } from "vitest";
import { classifyLoss, isGeneratorFailure, type LossCause, type Stage } from "./classify-loss.ts";

const closed: LossCause = { type: "closed" };
const timeout: LossCause = { type: "timeout" };
const error = (code: string): LossCause => ({ type: "error", code });

function classify(stage: Stage, cause: LossCause, justAfterIdle = false) {
  return classifyLoss({ stage, cause, justAfterIdle });
}

describe("classifyLoss", () => {
  it.each([
    [error("ECONNREFUSED"), "connect-refused"],
    [error("ETIMEDOUT"), "connect-timeout"],
    [timeout, "connect-timeout"],
    [error("EHOSTUNREACH"), "no-route"],
    [error("ENETUNREACH"), "no-route"],
    [error("ENOTFOUND"), "dns"],
    [error("EAI_AGAIN"), "dns"],
    [error("ECONNRESET"), "reset-before-response"],
    [closed, "closed-before-response"],
    [error("DEPTH_ZERO_SELF_SIGNED_CERT"), "protocol"],
  ])("calls a connect that met %j failed: the server cannot have acted", (cause, reason) => {
    expect(classify("connecting", cause)).toEqual({ type: "failed", reason });
  });

  it.each([
    ["sent", closed, "closed-before-response"],
    ["sent", error("EPIPE"), "closed-before-response"],
    ["sent", error("ECONNRESET"), "reset-before-response"],
    ["sent", timeout, "headers-timeout"],
    ["sent", error("ETIMEDOUT"), "headers-timeout"],
    ["sent", error("EHOSTUNREACH"), "no-route"],
    ["sent", { type: "malformed" }, "protocol"],
    ["in-headers", closed, "closed-in-headers"],
    ["in-headers", error("ECONNRESET"), "closed-in-headers"],
    ["in-headers", timeout, "headers-timeout"],
    ["in-body", closed, "truncated-body"],
    ["in-body", error("ECONNRESET"), "reset-in-body"],
    ["in-body", timeout, "body-timeout"],
    ["in-body", error("ETIMEDOUT"), "body-timeout"],
    ["in-body", { type: "malformed" }, "protocol"],
  ] as const)(
    "calls a request %s that met %j indeterminate: the server may have acted",
    (stage, cause, reason) => {
      expect(classify(stage, cause)).toEqual({ type: "indeterminate", reason });
    },
  );

  it("names the keep-alive race, but only as long as no byte of an answer came", () => {
    expect(classify("sent", closed, true)).toMatchObject({ reason: "closed-after-idle" });
    expect(classify("sent", error("ECONNRESET"), true)).toMatchObject({
      reason: "closed-after-idle",
    });
    expect(classify("in-headers", closed, true)).toMatchObject({ reason: "closed-in-headers" });
    expect(classify("in-body", closed, true)).toMatchObject({ reason: "truncated-body" });
    expect(classify("sent", timeout, true)).toMatchObject({ reason: "headers-timeout" });
  });

  it("keeps the status of an answer whose rest was lost", () => {
    const loss = { stage: "in-body", cause: closed, justAfterIdle: false, status: 200 } as const;
    expect(classifyLoss(loss)).toEqual({
      type: "indeterminate",
      reason: "truncated-body",
      status: 200,
    });
  });

  it.each(["EMFILE", "ENFILE", "EADDRNOTAVAIL", "EADDRINUSE", "ENOBUFS", "ENOMEM"])(
    "blames %s on the generator and never on the workload",
    (code) => {
      expect(isGeneratorFailure(error(code))).toBe(true);
      expect(classify("connecting", error(code))).toEqual({
        type: "undelivered",
        reason: "generator-failure",
      });
    },
  );

  it("leaves open what a request was that the stop cut short", () => {
    expect(classify("sent", { type: "stopped" })).toEqual({
      type: "indeterminate",
      reason: "aborted-by-stop",
    });
  });
});
