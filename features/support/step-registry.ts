import { Given, Then, When } from "@cucumber/cucumber";
import type { HarnessWorld } from "./world.ts";

/** The same sentence in English, Traditional Chinese and Simplified Chinese. */
export type Phrases = readonly [english: string, traditional: string, simplified: string];

/** One thing that a feature can say. */
export interface RegisteredStep {
  readonly keyword: "Given" | "When" | "Then";
  readonly phrases: Phrases;
  /** One sentence for `lastcall steps`: what the phrase does not say itself. */
  readonly about: string;
}

const KEYWORDS = { Given, When, Then };

const steps: RegisteredStep[] = [];

/** All steps that were defined, in the order of the step definitions. */
export function registeredSteps(): readonly RegisteredStep[] {
  return steps;
}

/** A handler's arguments are what cucumber reads out of the phrase: numbers, texts, a table at the end. */
export type StepHandler = (this: HarnessWorld, ...args: never[]) => Promise<unknown>;

type CucumberHandler = Parameters<typeof Given<HarnessWorld>>[2];

/** Defines a step in all its languages. A run has deadlines of its own, so cucumber's does not apply. */
export function defineStep(
  keyword: RegisteredStep["keyword"],
  { phrases, about }: Omit<RegisteredStep, "keyword">,
  handler: StepHandler,
): void {
  steps.push({ keyword, phrases, about });
  const code = handler as CucumberHandler; // its parameters are those that the phrase names
  for (const phrase of phrases) KEYWORDS[keyword](phrase, { timeout: -1 }, code);
}
