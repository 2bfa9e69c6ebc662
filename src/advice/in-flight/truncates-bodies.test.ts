import { describe, expect, it } from "vitest";
import { ask, faulty } from "#test/support/ask-cause.ts";
import { aFailure, aReport } from "#test/support/report-builders.ts";
import { truncatesBodies } from "./truncates-bodies.ts";

describe("truncatesBodies", () => {
  it("speaks of answers that began and did not end, and counts the good statuses", () => {
    expect(ask(truncatesBodies, faulty("truncates-bodies"))?.explanation).toContain(
      "3 answers began and did not end, 3 of them with a status that says success; 3 came from pods",
    );
  });

  it("speaks of pods that were not leaving, but less surely", () => {
    const marks = [aFailure({ atMs: 1_000, reason: "reset-in-body", status: 200, pod: "web-2" })];
    expect(ask(truncatesBodies, aReport({ marks }))?.confidence).toBe("likely");
  });

  it("is silent when the answer had not begun", () => {
    expect(ask(truncatesBodies, faulty("exits-at-once"))).toBeUndefined();
  });

  it("names the signal at which ready-made servers drain", () => {
    expect(ask(truncatesBodies, faulty("truncates-bodies"))?.fix).toContain("SIGQUIT for nginx");
  });
});
