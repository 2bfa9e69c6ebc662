import { describe, expect, it } from "vitest";
import { aPod } from "#test/support/builders.ts";
import { containerExits } from "./container-exits.ts";

const container = (name: string, finishedAt: string, exitCode = 137, reason = "Error") =>
  ({
    name,
    ready: false,
    restartCount: 0,
    state: "terminated",
    exitCode,
    reason,
    finishedAt,
  }) as const;
const forced = (...containers: ReturnType<typeof container>[]) =>
  containerExits(aPod({ containers }), { afterMs: 10_000, graceSeconds: 10 }).map(
    (exit) => exit.forced,
  );

describe("containerExits", () => {
  it("does not blame the grace for a container that was killed well before its sibling ended", () => {
    expect(
      forced(container("a", "2026-11-24T10:00:02Z"), container("b", "2026-11-24T10:00:10Z")),
    ).toEqual([false, true]);
  });

  it("allows a second between containers that ended together, also over midnight", () => {
    expect(
      forced(container("a", "2026-11-24T23:59:59Z"), container("b", "2026-11-25T00:00:00Z")),
    ).toEqual([true, true]);
  });

  it("leaves the question of force to exit code, reason and time", () => {
    expect(forced(container("a", "2026-11-24T10:00:10Z", 0, "Completed"))).toEqual([false]);
    expect(forced(container("a", "2026-11-24T10:00:10Z", 137, "OOMKilled"))).toEqual([false]);
  });
});
