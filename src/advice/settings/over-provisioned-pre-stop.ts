import type { Cause } from "#advice/cause.ts";
import { containerNames } from "#advice/leaving.ts";
import { measurementOf } from "#advice/measured.ts";
import { dataPathDelay, describeDelay } from "#advice/pre-stop.ts";
import { casesOf } from "#advice/words.ts";
import { writePatch } from "#advice/workload-patch.ts";

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
  const sleeping = new Set(
    first.setup?.containers.flatMap(({ name, preStop }) =>
      preStop?.type === "sleep" ? [name] : [],
    ),
  );
  const names = containerNames(first).filter((name) => sleeping.size === 0 || sleeping.has(name));
  const simulated = report.header.environment.cluster.startsWith("embedded");
  return {
    advice: {
      cause: "over-provisioned-pre-stop",
      explanation:
        `preStop sleeps ${shortest} s, and ${describeDelay(delay, clues)}` +
        `${simulated ? "; but the embedded cluster's delay is a setting, so measure on the real one" : ""}.`,
      confidence: simulated || leavings.length < 10 ? "possible" : "likely",
      evidence: casesOf([], leavings.length),
      fix: `preStop sleep ${shortest} s → ${seconds} s: each pod of a rollout leaves that much sooner.`,
      patch: writePatch(report.header.workload.kind, {
        containers: names.map((name) => ({ name, preStopSleepSeconds: seconds })),
      }),
      hint: true,
    },
    explains: [],
  };
};
