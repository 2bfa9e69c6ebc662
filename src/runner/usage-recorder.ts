import { HarnessError } from "#domain/errors.ts";
import type { Cluster, ContainerUsage } from "#ports/cluster.ts";
import type { ObservedCluster } from "#ports/observed-cluster.ts";
import type { RunOptions } from "./run-options.ts";

/** While a pod is leaving it is looked at so often; a kubelet that counts less often is asked in vain. */
const LOOK_EVERY_MS = 1_000;

/** A real kubelet counts every ten to fifteen seconds; who waits longer waits for nothing. */
const PATIENCE_MS = 20_000;

/** Where nobody was promised anything about it, only a kubelet that counts at once is worth a wait. */
const PATIENCE_UNASKED_MS = 2_000;

/** The first wait for a new count; each next one is twice as long, up to the longest. */
const FIRST_WAIT_MS = 100;
const LONGEST_WAIT_MS = 2_000;

/**
 * Records what the workload's containers hold open: before the load and after it, when they should hold
 * the same, and while pods are leaving.
 *
 * A kubelet shows its last count, which may be older than the question. So the first that is seen of a
 * container is only a mark: what is recorded has been counted since the look before.
 */
export class UsageRecorder {
  readonly #cluster: Cluster;
  readonly #observed: ObservedCluster;
  readonly #clock: RunOptions["clock"];
  readonly #namespace: string;
  readonly #patienceMs: number;
  readonly #countedAt = new Map<string, number>();

  constructor(
    {
      cluster,
      clock,
      scenario,
      leaksPromised,
    }: Pick<RunOptions, "cluster" | "clock" | "scenario"> & { readonly leaksPromised: boolean },
    observed: ObservedCluster,
  ) {
    this.#cluster = cluster;
    this.#observed = observed;
    this.#clock = clock;
    this.#namespace = scenario.workload.namespace;
    this.#patienceMs = leaksPromised ? PATIENCE_MS : PATIENCE_UNASKED_MS;
  }

  /** Waits until every container was counted anew and holds no less than at the count before. */
  async recordSettled(signal: AbortSignal): Promise<void> {
    const giveUpAtMs = this.#clock.nowMs() + this.#patienceMs;
    let fresh = await this.#look(signal, { mark: true });
    let held = Number.POSITIVE_INFINITY;
    let waitMs = FIRST_WAIT_MS;
    while (fresh !== undefined && this.#clock.nowMs() + waitMs <= giveUpAtMs) {
      await this.#clock.sleep(waitMs, signal);
      waitMs = Math.min(2 * waitMs, LONGEST_WAIT_MS);
      fresh = await this.#look(signal);
      if (fresh === undefined || !fresh.complete) continue;
      if (fresh.held >= held) return;
      held = fresh.held;
    }
  }

  /** Looks at the pods for as long as any is leaving; ends when the signal aborts. */
  async recordLeaving(signal: AbortSignal): Promise<void> {
    while (!signal.aborted) {
      await this.#clock.sleep(LOOK_EVERY_MS, signal).catch(() => undefined);
      if (signal.aborted) return;
      const pods = [...this.#observed.view.pods.values()];
      if (pods.some(({ deletionTimestamp }) => deletionTimestamp !== undefined)) {
        await this.#look(signal);
      }
    }
  }

  /** Undefined when the cluster tells nothing; a `mark` is not recorded. */
  async #look(
    signal: AbortSignal,
    { mark = false } = {},
  ): Promise<{ readonly complete: boolean; readonly held: number } | undefined> {
    const pods = [...this.#observed.view.pods.values()];
    const uidOf = new Map(pods.map(({ name, uid }) => [name, uid]));
    const seen = (await this.#read(pods, signal)).filter(({ pod }) => uidOf.has(pod));
    if (seen.length === 0) return undefined;
    let fresh = 0;
    let held = 0;
    for (const usage of seen) {
      const uid = uidOf.get(usage.pod) ?? "";
      const key = `${uid}/${usage.container}`;
      const before = this.#countedAt.get(key);
      this.#countedAt.set(key, usage.countedAt);
      held += usage.descriptors + usage.processes;
      if (mark || before === undefined || before === usage.countedAt) continue;
      fresh += 1;
      const { countedAt, ...counts } = usage;
      this.#observed.receive({ type: "usage", atMs: this.#clock.nowMs(), uid, ...counts });
    }
    return { complete: fresh === seen.length, held };
  }

  /** What cannot be had is not measured; no run ends for it. */
  async #read(
    pods: readonly { readonly node?: string }[],
    signal: AbortSignal,
  ): Promise<readonly ContainerUsage[]> {
    const nodes = new Set(pods.flatMap(({ node }) => node ?? []));
    try {
      return await this.#cluster.readUsage(this.#namespace, [...nodes], signal);
    } catch (error) {
      if (signal.aborted || error instanceof HarnessError) return [];
      throw error;
    }
  }
}
