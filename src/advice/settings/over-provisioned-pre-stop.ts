import type { Cause } from "#advice/cause.ts";
import { containerNames, type Leaving } from "#advice/leaving.ts";
import { measurementOf } from "#advice/measured.ts";
import { dataPathDelay, describeDelay } from "#advice/pre-stop.ts";
import { casesOf, time } from "#advice/words.ts";
import { writePatch } from "#advice/workload-patch.ts";
import type { PreStopHook } from "#domain/observation.ts";

/** kube-proxy may wait a second before it acts, whatever was seen in one run. */
const LEAST_SECONDS = 2;

/** The pods sleep at least twice as long as anything was seen to need, and every rollout waits for it. */
export const overProvisionedPreStop: Cause = (clues) => {
  const { report, leavings } = clues;
  const measured = measurementOf(report, "deregistration-latency")?.value !== undefined;
  if (report.verdict !== "pass" || !measured) return undefined;
  const sleeps = leavings.map(({ termination }) => termination.preStopSleepSeconds ?? 0);
  const shortest = Math.min(...sleeps);
  const delay = dataPathDelay(clues);
  const seconds = Math.max(LEAST_SECONDS, delay.sleepSeconds);
  const [first] = leavings;
  if (first === undefined || shortest < 2 * seconds) return undefined;
  const sleeping = (first.setup?.containers ?? []).filter(
    ({ preStop }) => preStop?.type === "sleep",
  );
  const names: readonly { readonly name: string; readonly preStop?: PreStopHook }[] =
    sleeping.length > 0 ? sleeping : containerNames(first).map((name) => ({ name }));
  const simulated = report.header.environment.cluster.startsWith("embedded");
  return {
    advice: {
      cause: "over-provisioned-pre-stop",
      explanation:
        `preStop sleeps ${shortest} s, and ${describeDelay(delay, clues)}` +
        `${simulated ? "; but the embedded cluster's delay is a setting, so measure on the real one" : ""}.`,
      confidence: simulated || leavings.length < 10 ? "possible" : "likely",
      evidence: casesOf(leavings.map(describeArrival)),
      fix: `preStop sleep ${shortest} s → ${seconds} s: each pod of a rollout leaves that much sooner.`,
      patch: writePatch(report.header.workload.kind, {
        containers: names.map(({ name, preStop }) => ({
          name,
          preStopSleepSeconds: seconds,
          ...(preStop !== undefined && { replaces: preStop }),
        })),
      }),
      hint: true,
    },
    explains: [],
  };
};

function describeArrival({ lane, termination: { pod, deletionRequestedAtMs } }: Leaving): string {
  const lastMs = lane?.lastNewConnectionAtMs;
  return lastMs === undefined
    ? `${pod}: no new connection after its deletion`
    : `${pod}: new connections until ${time(lastMs - deletionRequestedAtMs)}`;
}
