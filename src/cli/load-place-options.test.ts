import { describe, expect, it } from "vitest";
import { readLoadPlace } from "./load-place-options.ts";

describe("readLoadPlace", () => {
  it("passes on what was given, and takes a shape of the load inside for the wish for it", () => {
    expect(readLoadPlace({})).toEqual({});
    expect(readLoadPlace({ "load-from": "outside" })).toEqual({ loadFrom: "outside" });
    expect(readLoadPlace({ "load-workers": "4" })).toEqual({ loadFrom: "inside", loadWorkers: 4 });
  });

  it("refuses another place, no workers, and workers of a load from outside", () => {
    expect(() => readLoadPlace({ "load-from": "within" })).toThrow('come from "within"');
    expect(() => readLoadPlace({ "load-workers": "0" })).toThrow("not a number of workers");
    expect(() => readLoadPlace({ "load-from": "outside", "runner-image": "a" })).toThrow(
      "--runner-image shapes a load from inside only.",
    );
  });
});
