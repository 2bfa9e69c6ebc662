import { describe, expect, it } from "vitest";
import { aPod, seen } from "#test/support/builders.ts";
import { PodLives } from "./pod-lives.ts";

describe("PodLives", () => {
  const lives = new PodLives([
    seen(100, aPod({ name: "db-0", uid: "first" }), "added"),
    seen(5_000, aPod({ name: "db-0", uid: "first" })),
    seen(6_000, aPod({ name: "db-0", uid: "second" }), "added"),
  ]);

  it("gives a name to the pod that was seen last under it by then", () => {
    expect([lives.uidAt("db-0", 5_999), lives.uidAt("db-0", 6_000)]).toEqual(["first", "second"]);
  });

  it("gives it to the first before any was seen: a watch lags", () => {
    expect(lives.uidAt("db-0", 50)).toBe("first");
  });

  it("knows no pod that was never seen", () => {
    expect(lives.uidAt("db-1", 5_000)).toBeUndefined();
  });
});
