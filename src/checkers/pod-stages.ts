import type { Observation, PodSnapshot } from "#domain/observation.ts";

/** By uid: pods of which a container was seen to run or to have run. One deleted while Pending has no exit. */
export function podsThatRan(observations: readonly Observation[]): ReadonlySet<string> {
  return podsSeen(
    observations,
    ({ phase, containers }) =>
      phase === "Running" || containers.some(({ state }) => state !== "waiting"),
  );
}

/** By uid: pods that were seen ready. Without readiness the data path sends a pod nothing. */
export function podsThatWereReady(observations: readonly Observation[]): ReadonlySet<string> {
  return podsSeen(observations, ({ ready }) => ready);
}

function podsSeen(
  observations: readonly Observation[],
  as: (pod: PodSnapshot) => boolean,
): ReadonlySet<string> {
  return new Set(
    observations.flatMap((each) => (each.type === "pod" && as(each.pod) ? [each.pod.uid] : [])),
  );
}
