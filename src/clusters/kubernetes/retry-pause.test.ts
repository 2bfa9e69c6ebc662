import { describe, expect, it } from "vitest";
import type { ApiCall } from "./api-connection.ts";
import { retryPauseMs, type TryOutcome } from "./retry-pause.ts";

const call = (method: ApiCall["method"]): ApiCall => ({ attempt: "try", method, path: "/" });
const CHANGING = [call("POST"), call("PUT"), call("PATCH"), call("DELETE")];
const READING = call("GET");
const FIRST = { count: 1, pausedMs: 0 };

const answered = (status: number, retryAfterMs?: number): TryOutcome => ({
  type: "answered",
  answer: { status, text: "", body: {}, ...(retryAfterMs !== undefined && { retryAfterMs }) },
});
const broke = (code: string): TryOutcome => ({
  type: "broke",
  error: Object.assign(new Error("broken"), { code }),
});

describe("retryPauseMs", () => {
  it("lets an outcome stand that is an answer", () => {
    for (const status of [200, 201, 401, 403, 404, 409, 422]) {
      for (const each of [READING, ...CHANGING]) {
        expect(retryPauseMs(each, answered(status), FIRST)).toBeUndefined();
      }
    }
  });

  it("sends any request again, as late as the server asks, that was turned away undone", () => {
    for (const each of [READING, ...CHANGING]) {
      expect(retryPauseMs(each, answered(429, 2_000), FIRST)).toBe(2_000);
      expect(retryPauseMs(each, answered(429), FIRST)).toBe(100);
      expect(retryPauseMs(each, broke("ECONNREFUSED"), FIRST)).toBe(100);
    }
  });

  it("never sends a change again whose answer was lost, or that failed nobody knows how far on", () => {
    const open = [broke("ECONNRESET"), broke("UND"), answered(500), answered(503, 1_000)];
    for (const outcome of open) {
      for (const change of CHANGING) expect(retryPauseMs(change, outcome, FIRST)).toBeUndefined();
      expect(retryPauseMs(READING, outcome, FIRST)).toBeGreaterThan(0);
    }
  });

  it("gives up on what fails each time, and on a server that is away for long", () => {
    expect(retryPauseMs(READING, answered(500), { count: 4, pausedMs: 700 })).toBeUndefined();
    expect(retryPauseMs(READING, broke("ECONNREFUSED"), { count: 9, pausedMs: 9_000 })).toBe(1_000);
    const waited = { count: 10, pausedMs: 9_001 };
    expect(retryPauseMs(READING, broke("ECONNREFUSED"), waited)).toBeUndefined();
    expect(retryPauseMs(READING, answered(429, 11_000), FIRST)).toBeUndefined();
  });

  it("leaves it to who tries again by themselves", () => {
    expect(retryPauseMs({ ...READING, once: true }, answered(429, 10), FIRST)).toBeUndefined();
  });
});
