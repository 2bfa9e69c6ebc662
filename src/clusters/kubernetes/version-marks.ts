/** The version of the whole cluster was at least this, asked and answered at these moments. */
export interface VersionMark {
  readonly version: string;
  readonly askedAtMs: number;
  readonly answeredAtMs: number;
}

/** An event that comes later than this after it was surely there falsifies its stamp. */
const LATE_MS = 250;

/** Where nobody can say more precisely when an event happened, it must have been within this time. */
const UNSURE_MS = 2_500;

/** More than the longest round of a watch holds; what is older bounds nothing any more. */
const MARKS_KEPT = 60;

/**
 * How late an event comes, without comparing clocks. Each write of the cluster has the next version. So an
 * event whose version is above a mark's happened after that mark was asked for, and one whose version is
 * not above it happened before it was answered.
 */
export class VersionMarks {
  #marks: VersionMark[] = [];

  add(mark: VersionMark): void {
    const last = this.#marks.at(-1);
    // A cluster that counts from the beginning again was replaced; what was known of the old one is void.
    if (last !== undefined && Number(mark.version) < Number(last.version)) this.#marks = [];
    this.#marks = [...this.#marks, mark].slice(-MARKS_KEPT);
  }

  /** Whether the event surely happened after that moment: a mark that was asked for later is older than it. */
  isSince(version: string, momentMs: number): boolean {
    const number = Number(version);
    return this.#marks.some((mark) => mark.askedAtMs >= momentMs && Number(mark.version) < number);
  }

  /** Since when the event may have been there, when it may have been too long; undefined when it is in time. */
  lateSince(version: string, atMs: number): number | undefined {
    const number = Number(version);
    const before = this.#marks.findLast((mark) => Number(mark.version) < number);
    const after = this.#marks.find((mark) => Number(mark.version) >= number);
    const surelyLate = after !== undefined && atMs - after.answeredAtMs > LATE_MS;
    const perhapsLate = before !== undefined && atMs - before.askedAtMs > UNSURE_MS;
    if (!surelyLate && !perhapsLate) return undefined;
    return before?.askedAtMs ?? after?.askedAtMs;
  }
}
