import type { Observation } from "./observation.ts";

interface Life {
  readonly uid: string;
  readonly firstSeenAtMs: number;
}

/**
 * Tells pods of one name apart. A StatefulSet's next pod has the name of the last, and an answer names
 * only the name: what comes after the next one was first seen is the next one's.
 */
export class PodLives {
  readonly #lives = new Map<string, Life[]>();

  constructor(observations: readonly Observation[]) {
    const known = new Set<string>();
    for (const observation of observations) {
      if (observation.type !== "pod" || known.has(observation.pod.uid)) continue;
      const { name, uid } = observation.pod;
      known.add(uid);
      const life = { uid, firstSeenAtMs: observation.atMs };
      const namesakes = this.#lives.get(name);
      if (namesakes === undefined) this.#lives.set(name, [life]);
      else namesakes.push(life);
    }
  }

  /** The uid of the pod that had this name at that moment; undefined when no such pod was ever seen. */
  uidAt(name: string, atMs: number): string | undefined {
    const lives = this.#lives.get(name);
    if (lives === undefined) return undefined;
    if (lives.length === 1) return lives[0]?.uid;
    return (lives.findLast(({ firstSeenAtMs }) => firstSeenAtMs <= atMs) ?? lives[0])?.uid;
  }
}
