import { describe, expect, it } from "vitest";
import type { KubeObject } from "#embedded/api/objects.ts";
import type { StoreEvent } from "./event-history.ts";
import { Store } from "./store.ts";

function anObject(name: string, data = ""): KubeObject {
  const metadata = {
    name,
    namespace: "default",
    uid: name,
    resourceVersion: "",
    creationTimestamp: "",
  };
  return { apiVersion: "v1", kind: "ConfigMap", metadata, data };
}

const namesAndData = (entries: readonly (readonly [string, KubeObject])[] | undefined) =>
  entries?.map(([key, object]) => `${key} ${object["data"]}`);

describe("Store", () => {
  it("numbers the writes of all collections with one counter", () => {
    const store = new Store(10);
    const first = store.write("/a", "default/x", anObject("x"));
    const second = store.write("/b", "default/x", anObject("x"));
    store.remove("/a", "default/x");
    expect([first.metadata.resourceVersion, second.metadata.resourceVersion]).toEqual(["1", "2"]);
    expect(store.resourceVersion).toBe(3);
  });

  it("tells listeners of every write in order, a removal with its own number", () => {
    const store = new Store(10);
    const seen: StoreEvent[] = [];
    const unsubscribe = store.subscribe("/a", (event) => seen.push(event));
    store.write("/a", "default/x", anObject("x", "1"));
    store.write("/a", "default/x", anObject("x", "2"));
    store.remove("/a", "default/x");
    unsubscribe();
    store.write("/a", "default/x", anObject("x", "3"));
    expect(
      seen.map(({ type, object, previous }) => [type, object["data"], previous?.["data"]]),
    ).toEqual([
      ["ADDED", "1", undefined],
      ["MODIFIED", "2", "1"],
      ["DELETED", "2", "2"],
    ]);
    expect(seen[2]?.object.metadata.resourceVersion).toBe("3");
  });

  it("shows a collection as it was at an earlier resourceVersion", () => {
    const store = new Store(10);
    store.write("/a", "default/x", anObject("x", "1"));
    store.write("/a", "default/y", anObject("y", "1"));
    store.write("/a", "default/x", anObject("x", "2"));
    store.remove("/a", "default/y");
    expect(namesAndData(store.entriesAt("/a", 2))).toEqual(["default/x 1", "default/y 1"]);
    expect(namesAndData(store.entriesAt("/a", 1))).toEqual(["default/x 1"]);
    expect(namesAndData(store.entries("/a"))).toEqual(["default/x 2"]);
  });

  it("forgets the oldest writes and says so", () => {
    const store = new Store(4);
    for (let count = 0; count < 20; count++) store.write("/a", "default/x", anObject("x"));
    const oldest = store.oldestVersion("/a");
    expect(oldest).toBeGreaterThan(0);
    expect(store.since("/a", oldest - 1)).toBeUndefined();
    expect(store.since("/a", oldest)?.map((event) => event.resourceVersion)).toEqual(
      Array.from({ length: 20 - oldest }, (_, index) => oldest + 1 + index),
    );
    expect(store.entriesAt("/a", oldest - 1)).toBeUndefined();
  });
});
