import type { Envelope, GherkinDocument, Pickle, TestCase, TestStep } from "@cucumber/messages";
import { nearestSentences } from "./nearest-sentences.ts";

const KEYWORDS =
  'Its keywords are Feature, Scenario, Given, When, Then, And, unless its first line says for example "# language: zh-CN".';

/** How the sentences of the steps are spelt, by which a slip is recognised. */
export type KnownPhrases = () => readonly string[];

/**
 * Follows cucumber's messages and collects what is wrong with the features, each as `file:line: CODE: sentence` and
 * a next step. What a hook finds has no line of its own: the scenario file, say, is the same for all.
 */
export class FeatureProblems {
  readonly #phrases: KnownPhrases;
  readonly #texts = new Set<string>();
  /** By the id of a step in its document; the uri is that of the document. */
  readonly #lines = new Map<string, number>();
  readonly #pickles = new Map<string, Pickle>();
  readonly #patterns = new Map<string, string>();
  readonly #cases = new Map<string, TestCase>();
  readonly #caseOfAttempt = new Map<string, string>();

  constructor(phrases: KnownPhrases) {
    this.#phrases = phrases;
  }

  /** Once each, in the order in which they were found. */
  get texts(): readonly string[] {
    return [...this.#texts];
  }

  see({ parseError, gherkinDocument, pickle, stepDefinition, ...rest }: Envelope): void {
    if (parseError !== undefined) {
      const { source, message } = parseError;
      const line = source.location?.line ?? 1;
      const words = message.replace(/^\(\d+:\d+\): /, "");
      this.#add(`${source.uri}:${line}`, `NO_GHERKIN: ${words}.\n  ${KEYWORDS}`);
    }
    if (gherkinDocument !== undefined) this.#learnLines(gherkinDocument);
    if (pickle !== undefined) this.#pickles.set(pickle.id, pickle);
    if (stepDefinition !== undefined) {
      this.#patterns.set(stepDefinition.id, stepDefinition.pattern.source);
    }
    this.#seeSteps(rest);
  }

  #seeSteps({ testCase, testCaseStarted, testStepFinished }: Envelope): void {
    if (testCase !== undefined) {
      this.#cases.set(testCase.id, testCase);
      for (const step of testCase.testSteps) this.#checkMeaning(testCase, step);
    }
    if (testCaseStarted !== undefined) {
      this.#caseOfAttempt.set(testCaseStarted.id, testCaseStarted.testCaseId);
    }
    const { status, message } = testStepFinished?.testStepResult ?? {};
    if (testStepFinished === undefined || status !== "FAILED") return;
    const { testCaseStartedId, testStepId } = testStepFinished;
    const failed = this.#cases.get(this.#caseOfAttempt.get(testCaseStartedId) ?? "");
    const step = failed?.testSteps.find(({ id }) => id === testStepId);
    this.#add(failed && step && this.#placeOf(failed, step), message ?? "It failed.");
  }

  /** A sentence has to be that of exactly one step definition. */
  #checkMeaning(testCase: TestCase, step: TestStep): void {
    const { stepDefinitionIds } = step;
    const place = this.#placeOf(testCase, step);
    if (place === undefined || stepDefinitionIds === undefined || stepDefinitionIds.length === 1) {
      return;
    }
    const text = this.#sourceOf(testCase, step)?.text ?? "";
    if (stepDefinitionIds.length > 1) {
      const meanings = stepDefinitionIds.map((id) => `"${this.#patterns.get(id)}"`).join(" and ");
      this.#add(place, `AMBIGUOUS_STEP: "${text}" could be ${meanings}.\n  Keep one of them.`);
      return;
    }
    const near = nearestSentences(text, this.#phrases()).map((phrase) => `"${phrase}"`);
    const guess = near.length === 0 ? "" : `Did you mean ${near.join(" or ")}? `;
    this.#add(
      place,
      `UNDEFINED_STEP: No step says "${text}".\n  ${guess}\`lastcall steps\` lists every sentence.`,
    );
  }

  #sourceOf({ pickleId }: TestCase, { pickleStepId }: TestStep) {
    return this.#pickles.get(pickleId)?.steps.find(({ id }) => id === pickleStepId);
  }

  /** Absent for a hook. */
  #placeOf(testCase: TestCase, step: TestStep): string | undefined {
    const source = this.#sourceOf(testCase, step);
    if (source === undefined) return undefined;
    const line = source.astNodeIds.map((id) => this.#lines.get(id)).find((known) => known);
    return `${this.#pickles.get(testCase.pickleId)?.uri}:${line ?? "?"}`;
  }

  #learnLines({ feature }: GherkinDocument): void {
    const children = feature?.children ?? [];
    const nested = children.flatMap(({ rule }) => rule?.children ?? []);
    for (const { background, scenario } of [...children, ...nested]) {
      for (const { id, location } of [...(background?.steps ?? []), ...(scenario?.steps ?? [])]) {
        this.#lines.set(id, location.line);
      }
    }
  }

  #add(place: string | undefined, text: string): void {
    this.#texts.add(place === undefined ? text : `${place}: ${text}`);
  }
}
