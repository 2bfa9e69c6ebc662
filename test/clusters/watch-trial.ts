import { monitorEventLoopDelay } from "node:perf_hooks";
import { setTimeout as sleep } from "node:timers/promises";
import { ApiConnection } from "#clusters/kubernetes/api-connection.ts";
import { loadKubeConfig } from "#clusters/kubernetes/load-kubeconfig.ts";
import { observe } from "#clusters/kubernetes/observe.ts";
import type { Observation } from "#domain/observation.ts";
import { rebuildTerminations } from "#domain/rebuild-terminations.ts";
import { seededRandom } from "#domain/seeded-random.ts";
import type { ControlPlane } from "#test/embedded/control-plane.ts";
import { ApiFaultProxy } from "./api-fault-proxy.ts";
import { compareWithTruth, type Gap, isUpToDate } from "./compare-with-truth.ts";
import { plague } from "./fault-plan.ts";
import { HastyClock } from "./hasty-clock.ts";
import { Truth } from "./truth.ts";
import { WatchedWorkload } from "./watched-workload.ts";

/** How much faster the clients' clock goes; where no gap may be told of, what is a moment must stay one. */
const SPEED = { troubled: 4, calm: 1 };

/** What containers end with; an exit code that was not seen must not become another one. */
export const EXIT_CODE = 3;

/** Later than this nothing may be told without a gap; docs/verdicts.md promises the bound. */
const PROMISED_MS = 2_500;

/** In the clients' time: when all is well again, everything has to be known soon. */
const SETTLE_LIMIT_MS = 60_000;

/** What one seed came to. */
export interface TrialResult {
  readonly seed: number;
  readonly faults: readonly string[];
  readonly observations: number;
  readonly terminations: number;
  readonly gaps: number;
  readonly blindMs: number;
  /** By how much this process was late itself, in wall time. */
  readonly lagMs: number;
  /** What is wrong; empty is what a test wants. */
  readonly problems: readonly string[];
}

/** One seed, and how it is tried. */
export interface TrialOptions {
  readonly plane: ControlPlane;
  readonly seed: number;
  /** How long things go wrong, in the clients' time. */
  readonly troubledMs: number;
  /** Nothing goes wrong, and no gap may be told of. */
  readonly calm?: boolean;
  /** A second try of a seed needs another namespace. */
  readonly name?: string;
}

/** One seed: a workload that changes, a client that watches it through trouble, and the truth beside it. */
export async function runWatchTrial(options: TrialOptions): Promise<TrialResult> {
  const { plane, seed, calm = false, name = String(seed) } = options;
  const delay = monitorEventLoopDelay({ resolution: 5 });
  delay.enable();
  const speed = calm ? SPEED.calm : SPEED.troubled;
  const clock = new HastyClock(speed);
  const kind = seed % 2 === 0 ? "StatefulSet" : "Deployment";
  const workload = new WatchedWorkload(plane.client, `trial-${name}`, kind);
  await workload.create();
  await workload.ready();
  const proxy = new ApiFaultProxy(plane.kubeconfig, speed);
  const truth = new Truth(plane.client, workload.namespace, clock);
  try {
    await proxy.listen();
    await truth.start();
    const seen = await watchThroughTrouble({ ...options, clock, workload, proxy, truth });
    return judge({ ...seen, ...options, truth, speed, lagMs: delay.max / 1e6 });
  } finally {
    delay.disable();
    await Promise.all([truth.stop(), proxy.close()]);
  }
}

interface Trial extends TrialOptions {
  readonly clock: HastyClock;
  readonly workload: WatchedWorkload;
  readonly proxy: ApiFaultProxy;
  readonly truth: Truth;
}

/** What the client told, and how it behaved. */
interface Seen {
  readonly observations: readonly Observation[];
  readonly faults: readonly string[];
  readonly problems: readonly string[];
}

async function watchThroughTrouble({
  clock,
  workload,
  proxy,
  truth,
  ...options
}: Trial): Promise<Seen> {
  const { seed, troubledMs, calm = false } = options;
  const { namespace, kind } = workload;
  const load = () => loadKubeConfig({ kubeconfig: proxy.kubeconfig });
  const api = new ApiConnection(await load(), load);
  const observations: Observation[] = [];
  const scope = { namespace, workload: { kind, namespace, name: "web" }, service: "web" };
  const problems: string[] = [];
  let faults: readonly string[] = [];
  try {
    const watching = await observe(api, scope, {
      onObservation: (observation) => observations.push(observation),
      clock,
      signal: new AbortController().signal,
    });
    const wait = (ms: number) => sleep(ms / clock.speed);
    const trouble = AbortSignal.timeout(troubledMs / SPEED.troubled); // as long for those who wait
    const changing = changeUntil(trouble, workload, seededRandom(seed), wait);
    const plagued = calm ? [] : plague(proxy, seededRandom(seed + 1e6), wait, trouble);
    [, faults] = await Promise.all([changing, plagued]);
    proxy.heal();
    const knows = await settled(truth, observations, clock);
    if (!knows) problems.push("does not know what is true now");
    if (!(await endsSoon(watching.stop()))) problems.push("hangs when it is stopped");
  } finally {
    api.close();
  }
  const left = await connectionsLeft(proxy);
  if (left > 0) problems.push(`leaves ${left} connections open`);
  return { observations, faults, problems };
}

interface Judged extends TrialOptions, Seen {
  readonly truth: Truth;
  readonly speed: number;
  readonly lagMs: number;
}

function judge({ seed, truth, observations, faults, lagMs, calm, ...seen }: Judged): TrialResult {
  const toleranceMs = PROMISED_MS + 3 * lagMs * seen.speed;
  const gaps = observations.filter((each) => each.type === "watch-gap");
  return {
    seed,
    faults,
    observations: observations.length,
    terminations: rebuildTerminations(observations).length,
    gaps: gaps.length,
    blindMs: gaps.reduce((sum, gap) => sum + gap.untilMs - gap.atMs, 0),
    lagMs,
    problems: [
      ...seen.problems,
      ...compareWithTruth({ truth: truth.track, observations, toleranceMs }),
      ...wrongTerminations(observations, truth),
      ...(calm === true ? gaps.map(describeGap) : []),
    ],
  };
}

function describeGap({ resource, atMs, untilMs, reason }: Gap): string {
  return `a gap of ${(untilMs - atMs).toFixed(0)} ms without a fault: ${resource}, ${reason}`;
}

async function changeUntil(
  signal: AbortSignal,
  workload: WatchedWorkload,
  random: () => number,
  wait: (ms: number) => Promise<void>,
): Promise<void> {
  while (!signal.aborted) {
    await wait(100 + random() * 1_500);
    await workload.change(random);
  }
}

/** Known, and unchanged for a while. */
async function settled(
  truth: Truth,
  observations: readonly Observation[],
  clock: HastyClock,
): Promise<boolean> {
  const limit = clock.nowMs() + SETTLE_LIMIT_MS;
  for (let inARow = 0; inARow < 5; ) {
    if (clock.nowMs() > limit) return false;
    await sleep(100);
    inARow = isUpToDate(truth.track, observations) ? inARow + 1 : 0;
  }
  return true;
}

async function connectionsLeft(proxy: ApiFaultProxy): Promise<number> {
  let left = await proxy.connections();
  for (let tries = 0; left > 0 && tries < 40; tries += 1) {
    await sleep(50);
    left = await proxy.connections();
  }
  return left;
}

async function endsSoon(work: Promise<void>): Promise<boolean> {
  const over = new AbortController();
  const late = sleep(5_000, false, { signal: over.signal }).catch(() => false);
  const ended = await Promise.race([work.then(() => true), late]);
  over.abort();
  return ended;
}

/** One termination for each pod that went, and no exit code but the one that there was. */
function wrongTerminations(
  observations: readonly Observation[],
  { track }: Truth,
): readonly string[] {
  const terminations = rebuildTerminations(observations);
  const uids = terminations.map(({ uid }) => uid);
  return [
    ...(new Set(uids).size < uids.length ? ["a pod terminated twice"] : []),
    ...uids.filter((uid) => !track.has(`pods/${uid}`)).map((uid) => `${uid} was never there`),
    ...terminations.flatMap(({ pod, exits }) =>
      exits
        .filter(({ exitCode }) => exitCode !== EXIT_CODE)
        .map(({ exitCode }) => `${pod} is said to have exited with ${exitCode}`),
    ),
  ];
}
