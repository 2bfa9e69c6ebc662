import { describe, expect, it } from "vitest";
import type { Pod } from "#embedded/api/objects.ts";
import { decidePodDeletion } from "./pod-deletion.ts";

const NOW_MS = Date.parse("2026-01-01T00:00:10Z");

function aPod(
  parts: {
    readonly metadata?: Partial<Pod["metadata"]>;
    readonly grace?: number;
    readonly node?: string;
    readonly phase?: Pod["status"]["phase"];
  } = {},
): Pod {
  const { metadata = {}, grace = 30, node = "node-1", phase = "Running" } = parts;
  return {
    apiVersion: "v1",
    kind: "Pod",
    metadata: {
      name: "web",
      uid: "u",
      resourceVersion: "1",
      creationTimestamp: "2026-01-01T00:00:00Z",
      ...metadata,
    },
    spec: { containers: [], nodeName: node, terminationGracePeriodSeconds: grace },
    status: { phase },
  };
}

/** Deleted at :00 with 30 s of grace. */
const leaving = (parts: { readonly phase?: Pod["status"]["phase"] } = {}) =>
  aPod({
    ...parts,
    metadata: { deletionTimestamp: "2026-01-01T00:00:30Z", deletionGracePeriodSeconds: 30 },
  });

describe("the first delete of a pod", () => {
  it.each([
    ["gives it its own grace period", aPod({ grace: 45 }), undefined, 45],
    ["gives it the period asked for, even a longer one", aPod({ grace: 5 }), 60, 60],
    ["takes a negative period for one second", aPod(), -1, 1],
    ["is at once when nobody runs the pod", aPod({ node: "" }), undefined, 0],
    ["is at once when it has succeeded", aPod({ phase: "Succeeded" }), undefined, 0],
    ["is at once when it has failed", aPod({ phase: "Failed" }), 20, 0],
    ["is at once when the pod wants no grace", aPod({ grace: 0 }), undefined, 0],
    ["is at once when forced", aPod(), 0, 0],
  ])("%s", (_, pod, requested, gracePeriodSeconds) => {
    expect(decidePodDeletion(pod, requested, NOW_MS)).toEqual({
      type: "marked",
      deletionTimestamp: new Date(NOW_MS + gracePeriodSeconds * 1000)
        .toISOString()
        .replace(".000", ""),
      gracePeriodSeconds,
      isFirst: true,
    });
  });
});

describe("a later delete of a pod", () => {
  it("changes nothing when it names no period, as long a one, or a longer one", () => {
    for (const requested of [undefined, 30, 31]) {
      expect(decidePodDeletion(leaving(), requested, NOW_MS)).toEqual({ type: "unchanged" });
    }
  });

  it("shortens the period, counted from the first delete", () => {
    expect(decidePodDeletion(leaving(), 20, NOW_MS)).toEqual({
      type: "marked",
      deletionTimestamp: "2026-01-01T00:00:20Z",
      gracePeriodSeconds: 20,
      isFirst: false,
    });
  });

  it("leaves one second when the shortened period is already over", () => {
    expect(decidePodDeletion(leaving(), 5, NOW_MS)).toEqual({
      type: "marked",
      deletionTimestamp: "2026-01-01T00:00:10Z",
      gracePeriodSeconds: 1,
      isFirst: false,
    });
  });

  it("leaves nothing when it is forced", () => {
    expect(decidePodDeletion(leaving(), 0, NOW_MS)).toMatchObject({ gracePeriodSeconds: 0 });
  });

  it("does not hurry a pod that has ended meanwhile", () => {
    expect(decidePodDeletion(leaving({ phase: "Failed" }), undefined, NOW_MS)).toEqual({
      type: "unchanged",
    });
  });
});
