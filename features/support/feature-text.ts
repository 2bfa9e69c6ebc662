import type { GherkinDocument, Pickle } from "@cucumber/messages";
import type { FeatureText } from "#domain/feature-text.ts";
import { findStep } from "./threshold-tables.ts";

/** A scenario as a run keeps it: its steps in their language, with the values of its outline put in. */
export function featureText(document: GherkinDocument, pickle: Pickle): FeatureText {
  return {
    feature: document.feature?.name ?? "",
    scenario: pickle.name,
    file: pickle.uri,
    line: pickle.location?.line ?? 1,
    steps: pickle.steps.map(({ text, argument, astNodeIds }) => {
      const rows = argument?.dataTable?.rows.map(({ cells }) => cells.map(({ value }) => value));
      const keyword = findStep(document, astNodeIds)?.keyword.trim() ?? "";
      return { keyword, text, ...(rows !== undefined && { rows }) };
    }),
  };
}
