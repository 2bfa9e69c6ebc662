import { describe, expect, it } from "vitest";
import type { PodLane } from "#domain/report.ts";
import { countReadyEndpoints } from "./ready-endpoints.ts";

const lane = (...endpoint: PodLane["endpoint"][number][]): PodLane => ({ pod: "web", endpoint });

describe("countReadyEndpoints", () => {
  const ready = countReadyEndpoints([
    lane(
      { atMs: 10, state: "ready" },
      { atMs: 50, state: "terminating" },
      { atMs: 60, state: "absent" },
    ),
    lane({ atMs: 20, state: "not-ready" }, { atMs: 30, state: "ready" }),
  ]);

  it("counts what the slices listed as ready at each instant", () => {
    expect([10, 29, 30, 49, 50, 60, 1_000].map(ready)).toEqual([1, 1, 2, 2, 1, 1, 1]);
  });

  it("does not know before the first slice was seen", () => {
    expect(ready(9)).toBeUndefined();
    expect(countReadyEndpoints([])(10)).toBeUndefined();
  });
});
