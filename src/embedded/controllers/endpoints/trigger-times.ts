import type { Pod, Service } from "#embedded/api/objects.ts";
import { podCondition } from "#embedded/controllers/pods/pod-state.ts";

/**
 * Remembers when each pod last changed its readiness, so that a slice can say since when what it now tells
 * was true (`endpoints.kubernetes.io/last-change-trigger-time`): that is how the control plane's own share
 * of the delay is measured.
 */
export class TriggerTimes {
  readonly #seen = new Map<string, Map<string, string>>();

  /** The earliest change since the last call for this Service; undefined when no pod changed. */
  next(key: string, { metadata }: Service, pods: readonly Pod[]): string | undefined {
    const before = this.#seen.get(key);
    const now = new Map(
      pods.map((pod) => [pod.metadata.uid, podCondition(pod, "Ready")?.lastTransitionTime ?? ""]),
    );
    this.#seen.set(key, now);
    const changed = [...now]
      .filter(([uid, time]) => time !== "" && time > (before?.get(uid) ?? ""))
      .map(([, time]) => time);
    const candidates = before === undefined ? [...changed, metadata.creationTimestamp] : changed;
    return candidates.toSorted()[0];
  }

  forget(key: string): void {
    this.#seen.delete(key);
  }
}
