import { describe, expect, it } from "vitest";
import { EventCorrelator } from "./event-correlator.ts";

const told = (message: string) => ({
  source: "deployment-controller",
  uid: "u",
  type: "Normal" as const,
  reason: "ScalingReplicaSet",
  message,
});

describe("EventCorrelator", () => {
  it("counts a message that is repeated", () => {
    const correlator = new EventCorrelator();
    expect(correlator.correlate(told("a"), "one", 0)).toEqual({ type: "create", message: "a" });
    expect(correlator.correlate(told("b"), "two", 0)).toEqual({ type: "create", message: "b" });
    expect(correlator.correlate(told("a"), "three", 0)).toEqual({
      type: "repeat",
      name: "one",
      message: "a",
      count: 2,
    });
  });

  it("combines similar messages from the tenth on", () => {
    const correlator = new EventCorrelator();
    const answers = Array.from({ length: 11 }, (_, index) =>
      correlator.correlate(told(`m${index}`), `name${index}`, 0),
    );
    expect(answers[8]).toEqual({ type: "create", message: "m8" });
    expect(answers[9]).toEqual({
      type: "create",
      message: "(combined from similar events): m9",
    });
    expect(answers[10]).toEqual({
      type: "repeat",
      name: "name9",
      message: "(combined from similar events): m10",
      count: 2,
    });
    expect(correlator.correlate(told("m0"), "again", 0)).toMatchObject({ name: "name0", count: 2 });
  });

  it("starts anew after ten quiet minutes", () => {
    const correlator = new EventCorrelator();
    for (let index = 0; index < 10; index++) correlator.correlate(told(`m${index}`), "n", 0);
    expect(correlator.correlate(told("new"), "n", 600_001)).toMatchObject({ message: "new" });
  });

  it("drops more than 25 events of one object, and lets one through every five minutes", () => {
    const correlator = new EventCorrelator();
    const types = Array.from({ length: 26 }, () => correlator.correlate(told("same"), "n", 0).type);
    expect(types.filter((type) => type === "drop")).toHaveLength(1);
    const warning = { ...told("same"), type: "Warning" } as const;
    expect(correlator.correlate(warning, "n", 0).type).toBe("create");
    expect(correlator.correlate(told("same"), "n", 299_000).type).toBe("drop");
    expect(correlator.correlate(told("same"), "n", 301_000).type).toBe("repeat");
  });
});
