/** What the feature says of a run, word for word: whoever signs can see what was asked. */
export interface FeatureText {
  readonly feature: string;
  readonly scenario: string;
  readonly file: string;
  readonly line: number;
  readonly steps: readonly FeatureStep[];
}

/** One step as it is written in its language; the rows are those of its table. */
export interface FeatureStep {
  readonly keyword: string;
  readonly text: string;
  readonly rows?: readonly (readonly string[])[];
}
