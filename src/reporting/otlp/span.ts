/** One stretch of a run, by names of our own and the run's own clock. */
export interface Span {
  /** Unique within the run. */
  readonly id: string;
  /** The id of the span it is part of; the run unless given. */
  readonly parent?: string;
  readonly name: string;
  readonly fromMs: number;
  readonly untilMs: number;
  readonly attributes: Attributes;
  readonly events?: readonly SpanEvent[];
  /** Why it did not go well. */
  readonly failed?: string;
}

/** An instant within a span. */
export interface SpanEvent {
  readonly name: string;
  readonly atMs: number;
}

/** As OpenTelemetry's conventions name them, where they have a name. */
export type Attributes = Readonly<Record<string, string | number>>;

/** Attributes as OTLP writes them: each value with its type. */
export function attributesOf(attributes: Attributes): readonly object[] {
  return Object.entries(attributes).map(([key, value]) => ({
    key,
    value: typeof value === "number" ? { intValue: String(value) } : { stringValue: value },
  }));
}
