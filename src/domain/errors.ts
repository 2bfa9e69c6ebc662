/**
 * What the harness cannot do. What the system under test does wrong is never an error: it is data in
 * the history. `code` is stable for scripts, the message says what was attempted and found, `hint`
 * says what to do next.
 */
export class HarnessError extends Error {
  readonly code: string;
  readonly hint: string;

  constructor(code: string, message: string, options: { hint: string; cause?: unknown }) {
    super(message, options.cause === undefined ? undefined : { cause: options.cause });
    this.name = code;
    this.code = code;
    this.hint = options.hint;
  }
}

/** Bad input: the user's own text is wrong. The command line answers it with exit code 64. */
export class UsageError extends HarnessError {}

/** What a caught thing says of itself; in JavaScript anything can be thrown. */
export function messageOf(thrown: unknown): string {
  return thrown instanceof Error ? thrown.message.trim() : String(thrown);
}

/** The three lines a person reads: code and sentence, then the next step, indented. */
export function describeError(error: HarnessError): string {
  return `${error.code}: ${error.message}\n  ${error.hint.replaceAll("\n", "\n  ")}`;
}
