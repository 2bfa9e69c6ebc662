import { type VersionMark, VersionMarks } from "./version-marks.ts";

/** A span in which a watch saw nothing, or saw it late. */
export interface Gap {
  readonly fromMs: number;
  readonly untilMs: number;
  readonly reason: string;
}

/** When and why a watch stopped seeing. */
export interface Loss {
  readonly atMs: number;
  readonly reason: string;
  readonly missed: boolean;
  /** It was blind before anybody noticed: at worst since it last knew. */
  readonly unnoticed: boolean;
  /** It ended as it was asked to, in order to be opened anew. */
  readonly routine?: boolean;
}

/**
 * A watch that goes on from the version it had is told everything, only later: below this, nobody can
 * tell the delay from an ordinary one, so it is no gap.
 */
const RESUMED_UNNOTICED_MS = 200;

/** A busy machine may need so long to open a watch anew; beyond that something else is wrong. */
const LONGEST_REOPENING_MS = 2_000;

/** What had waited for a watch to be opened has come by then. */
const SETTLED_MS = 1_000;

/** Whether a watch can see, and since when it could not. */
export class Sight {
  readonly #marks = new VersionMarks();
  #lost: (Loss & { readonly fromMs: number }) | undefined;
  #knewAtMs = 0;
  #told: Gap | undefined;
  /** A reopening that took long: a gap only if something fell into it, which the next event shows. */
  #reopened: Gap | undefined;

  /** A list, an event or a bookmark came: of what had happened before, nothing is unknown. */
  knows(atMs: number): void {
    this.#knewAtMs = atMs;
  }

  /** What version the cluster had: from now on, events are measured by it. */
  mark(mark: VersionMark): void {
    this.#marks.add(mark);
  }

  /** `missed` says that changes may be lost for good, not only late; the earliest instant counts. */
  lose(loss: Loss): void {
    const before = this.#lost;
    const young = this.#youngReopening(loss.atMs);
    const graver = before === undefined || (loss.missed && !before.missed);
    const blindSinceMs =
      loss.missed || loss.unnoticed ? Math.min(this.#knewAtMs, loss.atMs) : loss.atMs;
    this.#lost = {
      ...loss,
      fromMs: Math.min(before?.fromMs ?? blindSinceMs, blindSinceMs, young?.fromMs ?? loss.atMs),
      routine: loss.routine === true && before === undefined && young === undefined,
      reason: graver ? loss.reason : before.reason,
      missed: loss.missed || (before?.missed ?? false),
    };
  }

  /** The gap that ends now; undefined when nothing was missed and the delay was too short to matter. */
  regain(atMs: number): Gap | undefined {
    const lost = this.#lost;
    this.#lost = undefined;
    if (lost === undefined) return undefined;
    if (!lost.missed && atMs - lost.fromMs <= RESUMED_UNNOTICED_MS) return undefined;
    const gap = { fromMs: lost.fromMs, untilMs: atMs, reason: lost.reason };
    const isRoutine = lost.routine === true && !lost.missed && !lost.unnoticed;
    if (!isRoutine || atMs - gap.fromMs > LONGEST_REOPENING_MS) return this.#tell(gap);
    this.#reopened = gap;
    return undefined;
  }

  /** The gap of a reopening after which there was no time to see whether anything had fallen into it. */
  end(atMs: number): Gap | undefined {
    const young = this.#youngReopening(atMs);
    return young && this.#tell(young);
  }

  /** Forgets the reopening; returns it if what had waited for it may still be on its way. */
  #youngReopening(atMs: number): Gap | undefined {
    const reopened = this.#reopened;
    this.#reopened = undefined;
    return reopened !== undefined && atMs - reopened.untilMs <= SETTLED_MS ? reopened : undefined;
  }

  /** The gap that an event shows which comes now but may have happened long before. */
  cameLate(version: string, atMs: number): Gap | undefined {
    const reopened = this.#reopened;
    this.#reopened = undefined;
    if (reopened !== undefined && !this.#marks.isSince(version, reopened.untilMs)) {
      return this.#tell({ ...reopened, untilMs: atMs });
    }
    const sinceMs = this.#marks.lateSince(version, atMs);
    if (sinceMs === undefined) return undefined;
    const fromMs = this.#untold(sinceMs);
    if (atMs - fromMs <= RESUMED_UNNOTICED_MS) return undefined;
    return this.#tell({ fromMs, untilMs: atMs, reason: "the watch told of a change too late" });
  }

  /** What of a span that began then no gap has told of yet. */
  #untold(sinceMs: number): number {
    const told = this.#told;
    const covered = told !== undefined && told.fromMs - RESUMED_UNNOTICED_MS <= sinceMs;
    return covered ? Math.max(sinceMs, told.untilMs) : sinceMs;
  }

  #tell(gap: Gap): Gap {
    const told = this.#told;
    const joins = told !== undefined && gap.fromMs <= told.untilMs + RESUMED_UNNOTICED_MS;
    this.#told = joins ? { ...gap, fromMs: Math.min(told.fromMs, gap.fromMs) } : gap;
    return gap;
  }
}
