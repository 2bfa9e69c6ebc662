import { describe, expect, it } from "vitest";
import { FeatureProblems } from "./feature-problems.ts";

type Seen = Parameters<FeatureProblems["see"]>[0];

const document = {
  gherkinDocument: {
    feature: {
      children: [
        { background: { steps: [{ id: "ast-1", location: { line: 3 } }] } },
        { rule: { children: [{ scenario: { steps: [{ id: "ast-2", location: { line: 7 } }] } }] } },
      ],
    },
  },
} as unknown as Seen; // the fields that are read

const pickle = {
  pickle: {
    id: "p",
    uri: "a.feature",
    steps: [
      { id: "s1", text: "5 running Pods", astNodeIds: ["ast-1"] },
      { id: "s2", text: "they are deleted", astNodeIds: ["ast-2"] },
    ],
  },
} as unknown as Seen; // as above

const ONE = ["a definition"];

function testCase(first: readonly string[], second: readonly string[]): Seen {
  const testSteps = [
    { id: "hook", hookId: "before" },
    { id: "t1", pickleStepId: "s1", stepDefinitionIds: first },
    { id: "t2", pickleStepId: "s2", stepDefinitionIds: second },
  ];
  return { testCase: { id: "c", pickleId: "p", testSteps } } as unknown as Seen; // as above
}

function failure(testStepId: string, message: string): readonly Seen[] {
  const testStepResult = { status: "FAILED", message };
  return [
    { testCaseStarted: { id: "attempt", testCaseId: "c" } },
    { testStepFinished: { testCaseStartedId: "attempt", testStepId, testStepResult } },
  ] as unknown as readonly Seen[]; // as above
}

function textsOf(...seen: readonly Seen[]): readonly string[] {
  const problems = new FeatureProblems(() => ["the Pods are deleted"]);
  for (const envelope of [document, pickle, ...seen]) problems.see(envelope);
  return problems.texts;
}

describe("FeatureProblems", () => {
  it("finds none where every sentence has one meaning", () => {
    expect(textsOf(testCase(ONE, ONE))).toEqual([]);
  });

  it("gives a sentence without a meaning its line, in a rule too, and the nearest sentences", () => {
    expect(textsOf(testCase(ONE, []))).toEqual([
      'a.feature:7: UNDEFINED_STEP: No step says "they are deleted".\n' +
        '  Did you mean "the Pods are deleted"? `lastcall steps` lists every sentence.',
    ]);
  });

  it("names all meanings of a sentence that has several", () => {
    const definition = (id: string, source: string) =>
      ({ stepDefinition: { id, pattern: { source } } }) as Seen; // as above
    const meanings = [definition("d1", "{int} running Pods"), definition("d2", "/running/")];
    expect(textsOf(...meanings, testCase(["d1", "d2"], ONE))).toEqual([
      'a.feature:3: AMBIGUOUS_STEP: "5 running Pods" could be "{int} running Pods" and "/running/".\n  Keep one of them.',
    ]);
  });

  it("gives what a step refuses its line, and what a hook refuses none, once for all scenarios", () => {
    const step = failure("t2", "WRONG_KIND: no");
    const hook = failure("hook", "NO_SCENARIO: no");
    expect(textsOf(testCase(ONE, ONE), ...step, ...hook, ...hook)).toEqual([
      "a.feature:7: WRONG_KIND: no",
      "NO_SCENARIO: no",
    ]);
  });
});
