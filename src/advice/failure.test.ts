import { describe, expect, it } from "vitest";
import type { FailureClass } from "#domain/exchange.ts";
import { aFailure, type FailureFields } from "#test/support/report-builders.ts";
import { type FailureKind, kindOf } from "./failure.ts";

const kind = (reason: FailureClass, fields: Partial<FailureFields> = {}, named = true) =>
  kindOf(aFailure({ atMs: 1_000, reason, ...fields }), named);

describe("kindOf", () => {
  it.each<[FailureClass, FailureKind]>([
    ["connect-refused", "refused"],
    ["connect-timeout", "refused"],
    ["no-route", "refused"],
    ["closed-after-idle", "kept-lost"],
    ["truncated-body", "mid-response"],
    ["reset-in-body", "mid-response"],
    ["closed-in-headers", "mid-response"],
    ["headers-timeout", "silent"],
    ["body-timeout", "silent"],
    ["dns", "other"],
    ["protocol", "other"],
  ])("calls %s %s", (reason, expected) => {
    expect(kind(reason)).toBe(expected);
  });

  it("tells a refusal through a proxy from a request that somebody had taken", () => {
    expect(kind("reset-before-response", { livedMs: 20 })).toBe("refused");
    expect(kind("reset-before-response", { livedMs: 300 })).toBe("cut");
    expect(kind("closed-before-response", { livedMs: 20, connection: "reused" })).toBe("cut");
  });

  it("believes the data path that nobody took a connection, however long that took", () => {
    const mark = aFailure({ atMs: 1_000, reason: "reset-before-response", livedMs: 300 });
    expect(kindOf({ ...mark, refused: true }, true)).toBe("refused");
  });

  it("takes an unnamed gateway status for a refusal only where pods name themselves", () => {
    expect(kind("server-error", { status: 502 })).toBe("refused");
    expect(kind("server-error", { status: 502 }, false)).toBe("error-answer");
    expect(kind("server-error", { status: 502, pod: "web-1" })).toBe("error-answer");
    expect(kind("server-error", { status: 500 })).toBe("error-answer");
  });
});
