import type { ClusterView } from "#domain/cluster-view.ts";
import type { Disruption, Signal } from "#domain/disruption.ts";
import { HarnessError } from "#domain/errors.ts";
import type { PodSnapshot } from "#domain/observation.ts";
import { choosePods } from "./choose-pods.ts";
import type { DisruptionContext } from "./disruption-context.ts";
import { podsNotReplaced } from "./pods-not-replaced.ts";
import { reportAction } from "./report-action.ts";
import { isSettled } from "./settled.ts";
import { readTarget, type SignalTarget } from "./signal-target.ts";

type Sending = Extract<Disruption, { type: "signal-pods" }>;

/** A server does something of its own at these, and need not end. */
const NEED_NOT_END: ReadonlySet<Signal> = new Set(["SIGHUP", "SIGUSR1", "SIGUSR2"]);

/**
 * Sends a signal to the main process of containers, which no deletion announces: their endpoints stay ready until
 * somebody notices. The kernel gives PID 1 from its own container only what it has a handler for, and never
 * SIGKILL: that one comes from the node.
 */
export async function performSignalPods(
  sending: Sending,
  context: DisruptionContext,
): Promise<void> {
  const { workload, signal: name } = sending;
  const pods = choosePods({ verb: `send ${name} to`, ...sending }, context);
  const targets: SignalTarget[] = [];
  for (const pod of pods) targets.push(await readTarget(pod, workload.namespace, context));
  if (name === "SIGKILL") {
    for (const { node } of targets) await context.cluster.reachMachine(node, context.signal);
  }
  for (const target of targets) {
    await reportAction(
      {
        verb: "signal",
        object: `pod/${target.pod}`,
        act: () => send(name, target, context),
        describe: (answer) =>
          `sent ${name} to ${target.container}${answer === undefined ? "" : `, ${answer}`}`,
      },
      context,
    );
  }
  if (!NEED_NOT_END.has(name)) await awaitRestarted(sending, pods, context);
}

/** The end of PID 1 takes all else with it by SIGKILL, the command that asked for it too. */
const SENT: ReadonlySet<number> = new Set([0, 137]);

/**
 * Sends it once and no more: where the answer was lost it may have arrived, and a second one would be another
 * disruption, which nobody asked for. Returns what has to be said of that.
 */
async function send(
  name: Signal,
  target: SignalTarget,
  { cluster, signal }: DisruptionContext,
): Promise<string | undefined> {
  if (name === "SIGKILL") {
    await cluster.killContainer({ node: target.node, id: target.id }, signal);
    return undefined;
  }
  const short = name.slice("SIG".length);
  const words: string[] = [];
  // An image may have the program without a shell, or a shell with `kill` built in.
  for (const command of [
    ["kill", "-s", short, "1"],
    ["sh", "-c", `kill -s ${short} 1`],
  ]) {
    const outcome = await cluster.runInContainer(target, command, signal);
    if (outcome.type === "ended" && SENT.has(outcome.exitCode)) return undefined;
    if (outcome.type === "lost") return `but the answer was lost: ${outcome.message}`;
    words.push(outcome.type === "ended" ? outcome.output : outcome.message);
  }
  throw cannotSend(name, target, words);
}

function cannotSend(name: Signal, target: SignalTarget, words: readonly string[]): HarnessError {
  const { namespace, pod, container } = target;
  return new HarnessError(
    "CANNOT_SIGNAL",
    `Could not send ${name} to container ${container} of pod ${namespace}/${pod}: neither \`kill\` nor \`sh\` ran in it: ${words.join("; ")}`,
    {
      hint: "An image without both can only be sent SIGKILL, which comes from the node (embedded and kind clusters), or be deleted. If exec itself was refused: it needs the verbs get and create on pods/exec.",
    },
  );
}

/** What ignores the signal is left alone: the history shows that nothing ended by it. */
async function awaitRestarted(
  { workload, signal: name }: Sending,
  pods: readonly PodSnapshot[],
  { observed, deadlineMs, signal }: DisruptionContext,
): Promise<void> {
  const generation = observed.view.workload?.generation ?? 0;
  const hasEnded = (view: ClusterView) =>
    pods.every(
      (pod) => restartsOf(view.pods.get(pod.uid)) > restartsOf(pod) || !view.pods.has(pod.uid),
    );
  if (!(await observed.until(hasEnded, deadlineMs, signal))) return;
  const isBack = await observed.until(
    (view) => isSettled(view, { generation }),
    deadlineMs,
    signal,
  );
  if (isBack) return;
  throw podsNotReplaced(
    {
      ...{ workload, limitMs: deadlineMs },
      from: `${name} to ${pods.length} pod(s)`,
      hint: "A container that ends again and again is started ever later (CrashLoopBackOff); `kubectl describe pod` shows it.",
    },
    observed.view,
  );
}

function restartsOf(pod: PodSnapshot | undefined): number {
  return pod?.containers.reduce((sum, { restartCount }) => sum + restartCount, 0) ?? 0;
}
