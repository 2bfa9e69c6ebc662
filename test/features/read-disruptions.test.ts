import { describe, expect, it, vi } from "vitest";
import type { Disruption } from "#domain/disruption.ts";
import { DISRUPTION_PHRASES } from "../../features/support/disruption-phrases.ts";

vi.mock("@cucumber/cucumber", () => ({ Given: () => {}, When: () => {}, Then: () => {} }));
const { DRAWN, disruptionsOfStep, IN_ORDER, readTable } = await import(
  "../../features/support/read-disruptions.ts"
);

const workload = { kind: "StatefulSet", namespace: "shop", name: "web" } as const;
const read = (text: string, rows?: readonly string[][]) =>
  disruptionsOfStep({ text, rows }, workload);

/** The phrase as a feature would say it, with values for what it names. */
function say(phrase: string): string {
  return phrase
    .replaceAll("{int}", "2")
    .replaceAll("{string}", '"x"')
    .replaceAll("{word}", "SIGUSR1")
    .replaceAll(/\((\w+)\)/g, "$1")
    .replaceAll("is/are", "are");
}

describe("the sentences", () => {
  const names = DISRUPTION_PHRASES.map(({ phrases }) => phrases[0]).filter(
    (phrase) => !phrase.includes("DaemonSet"),
  );

  it.each(names)("%s: mean the same in three languages", (name) => {
    const found = DISRUPTION_PHRASES.find(({ phrases }) => phrases[0] === name);
    const [english, traditional, simplified] = (found?.phrases ?? []).map((each) =>
      read(say(each)),
    );
    expect(english).toHaveLength(1);
    expect(traditional).toEqual(english);
    expect(simplified).toEqual(english);
  });

  it("are never two for one phrase", () => {
    const all = DISRUPTION_PHRASES.flatMap(({ phrases }) => phrases.map(say));
    expect(new Set(all).size).toBe(all.length);
  });

  it("put numbers and texts where they belong", () => {
    expect(read("3 Pods are deleted with a grace period of 7 seconds")).toEqual([
      { type: "delete-pods", workload, count: 3, gracePeriodSeconds: 7 },
    ]);
    expect(read('the environment variable "A" is set to "b"')).toEqual([
      { type: "rolling-update", workload, change: { type: "env", name: "A", value: "b" } },
    ]);
  });

  it("that ask for another kind of workload are refused", () => {
    expect(() => read("a DaemonSet update is performed")).toThrow(
      /the workload web is a StatefulSet/,
    );
  });

  it("leave other steps alone", () => {
    expect(read("2 running Pod replicas")).toEqual([]);
  });
});

describe("a table of sentences", () => {
  const rows = [["1 Pod is deleted"], ["刪除2個Pod"], ["the workload is restarted"]];
  const types = (disruptions: readonly Disruption[]) => disruptions.map(({ type }) => type);

  it.each(IN_ORDER)("%s", (phrase) => {
    expect(types(read(phrase, rows))).toEqual(["delete-pods", "delete-pods", "rolling-update"]);
  });

  it.each(DRAWN)("%s", (phrase) => {
    const drawn = read(say(phrase), rows);
    expect(drawn).toEqual(read(say(DRAWN[0]), rows));
    expect(types(drawn).filter((type) => type !== "none")).toHaveLength(2);
  });

  it("tells all rows that are no disruption at once", () => {
    expect(() => readTable([["1 Pod is deletd"], ["1 Pod is deleted"], ["x"]], workload)).toThrow(
      /"1 Pod is deletd" is no disruption\n {2}"x" is no disruption/,
    );
  });
});
