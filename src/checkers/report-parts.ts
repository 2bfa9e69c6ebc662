import type { Exchange } from "#domain/exchange.ts";
import { podLanes } from "#domain/pod-lanes.ts";
import type { PodLane, Report } from "#domain/report.ts";
import { sigtermMoment } from "#domain/sigterm-moment.ts";
import type { Termination } from "#domain/termination.ts";
import type { VantageSight } from "#domain/vantage-point.ts";
import { AccountCheck } from "./account-check.ts";
import type { Attributor } from "./attribution.ts";
import { Background } from "./background.ts";
import { choiceMs } from "./choice-resolution.ts";
import { FailureMarks } from "./failure-marks.ts";
import { findLeaks } from "./find-leaks.ts";
import { InFlightAtSigterm, type SignalledLeaving } from "./in-flight-at-sigterm.ts";
import { LoadSeries } from "./load-series.ts";
import { PlacedFailures } from "./placed-failures.ts";
import { partAt, type RunFacts } from "./run-facts.ts";
import type { Sightings } from "./sightings.ts";
import { SlowAnswers } from "./slow-answers.ts";
import { StreamLatencies } from "./stream-latencies.ts";
import { latestMs } from "./vantages.ts";

/** What a report shows besides its measurements, collected in the same pass over the exchanges. */
export class ReportParts {
  readonly #facts: RunFacts;
  readonly #lanes: readonly PodLane[];
  readonly #leavings: readonly SignalledLeaving[];
  readonly #attributor: Attributor;
  readonly #sightings: Sightings;
  readonly #marks: FailureMarks;
  readonly #slow: SlowAnswers;
  readonly #placed: PlacedFailures;
  readonly #series: LoadSeries;
  readonly #latencies: StreamLatencies;
  readonly #inFlight: InFlightAtSigterm;
  readonly #background: Background;
  readonly #accounts = new AccountCheck();
  readonly #choiceMs: number;

  constructor(facts: RunFacts, sightings: Sightings) {
    const { history, terminations } = facts;
    this.#facts = facts;
    this.#sightings = sightings;
    this.#lanes = podLanes(history.observations, terminations);
    this.#attributor = sightings.attributor;
    this.#marks = new FailureMarks(this.#attributor, history.header.load.length);
    this.#slow = new SlowAnswers(history.closing.phases);
    this.#placed = new PlacedFailures(this.#attributor, history.observations);
    this.#series = new LoadSeries(runLengthMs(facts));
    this.#latencies = new StreamLatencies(facts);
    const setups = new Map(this.#lanes.map(({ uid, setup }) => [uid, setup]));
    this.#leavings = terminations.map((termination) => ({
      termination,
      sigtermAtMs: sigtermMoment(termination, setups.get(termination.uid)),
    }));
    this.#inFlight = new InFlightAtSigterm(this.#leavings, this.#attributor);
    this.#background = new Background(facts);
    this.#choiceMs = choiceMs(facts);
  }

  /** Call after the sightings have seen the exchange. */
  see(exchange: Exchange): void {
    this.#marks.see(exchange);
    this.#slow.see(exchange);
    this.#placed.see(exchange);
    this.#series.see(exchange);
    this.#latencies.see(exchange);
    this.#inFlight.see(exchange);
    this.#background.see(exchange);
    this.#accounts.see(exchange);
  }

  get inFlightAtSigterm(): InFlightAtSigterm {
    return this.#inFlight;
  }

  get backgroundDoubts(): readonly string[] {
    return this.#background.doubts;
  }

  /** Why the ledger that was just read is not the one that the load wrote. */
  get accountBreaches(): readonly string[] {
    return this.#accounts.breaches(this.#facts.history);
  }

  finish() {
    const leaks = findLeaks(this.#facts)?.leaks;
    const met = new Map(this.#leavings.map((each) => [each.termination, this.#whatItMet(each)]));
    return {
      terminations: [...met.values()],
      lanes: this.#lanes.map((lane) => this.#withItsEnd(this.#withWhatItMet(lane, met))),
      gaps: this.#sightings.gaps.finish(),
      latencies: this.#latencies.finish(),
      background: this.#background.counts,
      series: this.#series.points(),
      seriesBucketMs: this.#series.bucketMs,
      marks: this.#marks.marks,
      slow: this.#slow.marks(),
      attribution: this.#placed.finish(),
      ...(leaks !== undefined && { leaks }),
    } satisfies Partial<Report>;
  }

  /** Of a repetition that others follow, nothing is known of its pods after its own end. */
  #withItsEnd(lane: PodLane): PodLane {
    const seenAtMs = lane.createdAtMs ?? lane.startedAtMs ?? lane.readyAtMs;
    const { parts } = this.#facts;
    if (seenAtMs === undefined || parts.length === 1) return lane;
    const watchedUntilMs = parts[partAt(parts, seenAtMs)]?.span.untilMs;
    return { ...lane, ...(watchedUntilMs !== undefined && { watchedUntilMs }) };
  }

  #withWhatItMet(lane: PodLane, met: ReadonlyMap<Termination, Termination>): PodLane {
    const { uid, termination } = lane;
    if (uid === undefined) return lane;
    const arrivals = this.#sightings.arrivals.of(termination ?? uid);
    const placed = termination && met.get(termination);
    return { ...lane, ...arrivals, ...(placed !== undefined && { termination: placed }) };
  }

  #whatItMet({ termination, sigtermAtMs }: SignalledLeaving): Termination {
    const { arrivals, vantages } = this.#sightings;
    const { lastNewConnectionAtMs, lastReusedRequestAtMs, lastAnswerAtMs } =
      arrivals.of(termination);
    const sights = vantages.sightsOf(termination, arrivals);
    return {
      ...termination,
      ...(sigtermAtMs !== undefined && { sigtermAtMs }),
      ...(this.#inFlight.named && { inFlightAtSigterm: this.#inFlight.of(termination) }),
      ...(lastNewConnectionAtMs !== undefined && { lastNewConnectionAtMs }),
      ...(lastNewConnectionAtMs !== undefined &&
        Number.isFinite(this.#choiceMs) && {
          t4UncertaintyMs: this.#t4Uncertainty(termination, lastNewConnectionAtMs, sights),
        }),
      ...(sights.length > 0 && Number.isFinite(this.#choiceMs) && { vantages: sights }),
      ...(lastReusedRequestAtMs !== undefined && { lastReusedRequestAtMs }),
      ...(lastAnswerAtMs !== undefined && { lastAnswerAtMs }),
      ...exitUncertainty(termination, lastAnswerAtMs),
    };
  }

  /** Whoever asks seldom may have missed that it was still asked from there. */
  #t4Uncertainty(
    termination: Termination,
    lastAtMs: number,
    sights: readonly VantageSight[],
  ): number {
    if (sights.length === 0) return this.#choiceMs;
    return Math.max(...sights.map((sight) => latestMs(sight, termination))) - lastAtMs;
  }
}

/** The kubelet tells of an exit when it gets to it; what is sure is that a pod that answered was alive. */
function exitUncertainty(
  { deletionRequestedAtMs, t0UncertaintyMs, exitedAtMs }: Termination,
  lastAnswerAtMs: number | undefined,
): { readonly t7UncertaintyMs?: number } {
  if (exitedAtMs === undefined) return {};
  const aliveAtMs = Math.max(
    deletionRequestedAtMs - t0UncertaintyMs,
    lastAnswerAtMs ?? Number.NEGATIVE_INFINITY,
  );
  return { t7UncertaintyMs: Math.max(0, exitedAtMs - aliveAtMs) };
}

function runLengthMs({ history }: RunFacts): number {
  return Math.max(
    0,
    ...history.closing.phases.map(({ endedAtMs, startedAtMs }) => endedAtMs ?? startedAtMs),
  );
}
