import { describe, expect, it } from "vitest";
import type { FailureMark } from "#domain/report.ts";
import { bundleMarks, MARK_LIMIT } from "./mark-bundles.ts";
import { timeScale } from "./time-scale.ts";

const scale = timeScale(0, 60_000);
const lanes = [
  { pod: "web-1", endpoint: [], createdAtMs: 0 },
  { pod: "db-0", endpoint: [], createdAtMs: 0 },
  { pod: "db-0", endpoint: [], createdAtMs: 30_000 },
];

describe("bundleMarks", () => {
  it("gives each failure a mark of its own while there is room", () => {
    const marks = [aMark({ seq: 2, atMs: 200 }), aMark({ seq: 1, atMs: 100 })];
    const bundles = bundleMarks(marks, { lanes, scale });
    expect(bundles.map(({ lane, first }) => [lane, first.seq])).toEqual([
      [0, 1],
      [0, 2],
    ]);
  });

  it("keeps every failure, however many there are, within the limit", () => {
    const marks = Array.from({ length: 50_000 }, (_, seq) =>
      aMark({ seq, atMs: (seq * 59_999) / 50_000 }),
    );
    const bundles = bundleMarks(marks, { lanes, scale });
    expect(bundles.length).toBeLessThanOrEqual(MARK_LIMIT);
    expect(bundles.length).toBeGreaterThan(100);
    expect(bundles.reduce((sum, bundle) => sum + bundle.marks.length, 0)).toBe(50_000);
  });

  it("never bundles failures that a filter tells apart", () => {
    const marks = [
      aMark({ seq: 1 }),
      aMark({ seq: 2, reason: "protocol" }),
      aMark({ seq: 3, stream: "reused" }),
      aMark({ seq: 4, pod: "db-0" }),
    ];
    expect(bundleMarks(marks, { lanes, scale })).toHaveLength(4);
  });

  it("has no lane for a failure that nobody is blamed for, or whose pod was never seen", () => {
    const { pod: _, ...nobody } = aMark({ seq: 1 });
    const bundles = bundleMarks([nobody, aMark({ seq: 2, atMs: 9000, pod: "ghost" })], {
      lanes,
      scale,
    });
    expect(bundles.map(({ lane }) => lane)).toEqual([undefined, undefined]);
  });

  it("tells two pods of one name by when they were created", () => {
    const marks = [
      aMark({ seq: 1, atMs: 29_000, pod: "db-0" }),
      aMark({ seq: 2, atMs: 31_000, pod: "db-0" }),
    ];
    expect(bundleMarks(marks, { lanes, scale }).map(({ lane }) => lane)).toEqual([1, 2]);
  });
});

function aMark(overrides: Partial<FailureMark> & { readonly seq: number }): FailureMark {
  return {
    stream: "fresh",
    atMs: 100,
    reason: "connect-refused",
    pod: "web-1",
    attribution: "inferred",
    ...overrides,
  };
}
