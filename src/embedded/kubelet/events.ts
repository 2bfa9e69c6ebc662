import { isConflict, isNotFound } from "#embedded/api/api-error.ts";
import type { ApiClient } from "#embedded/api/client.ts";
import type { KubeObject, Pod } from "#embedded/api/objects.ts";
import { EVENTS } from "#embedded/api/resources.ts";
import { timestamp } from "./timestamp.ts";

/** Of each object, as many events at once; then one every five minutes, as client-go throttles them. */
const BURST = 25;
const REFILL_MS = 300_000;

export interface EventObject {
  readonly kind: string;
  readonly apiVersion: string;
  readonly name: string;
  /** Absent for what has none; its events live in the default namespace. */
  readonly namespace?: string;
  readonly uid: string;
  readonly resourceVersion?: string;
  /** `spec.containers{app}` where a container is meant. */
  readonly fieldPath?: string;
}

export interface EventText {
  readonly type: "Normal" | "Warning";
  readonly reason: string;
  readonly message: string;
}

/** A core/v1 Event as the API holds it. */
interface StoredEvent extends KubeObject {
  count: number;
  lastTimestamp: string;
}

/** Writes the kubelet's events, in order and in the background; a repeated one counts up. */
export class EventRecorder {
  readonly #client: ApiClient;
  readonly #host: string;
  readonly #known = new Map<string, string>();
  readonly #allowance = new Map<string, { tokens: number; atMs: number }>();
  #written: Promise<void> = Promise.resolve();
  #sequence = 0;

  constructor(client: ApiClient, host: string) {
    this.#client = client;
    this.#host = host;
  }

  record(object: EventObject, text: EventText): void {
    const nowMs = Date.now();
    if (!this.#isAllowed(`${object.uid}/${text.type}`, nowMs)) return;
    // An event that cannot be stored is lost, as on a real node; its namespace may be going away.
    this.#written = this.#written.then(() => this.#write(object, text, nowMs)).catch(() => {});
  }

  /** Resolves when everything recorded so far has been written. */
  flush(): Promise<void> {
    return this.#written;
  }

  /** The object is gone: its events will not be counted up any more. */
  forget(uid: string): void {
    for (const keys of [this.#allowance, this.#known]) {
      for (const key of keys.keys()) if (key.startsWith(`${uid}/`)) keys.delete(key);
    }
  }

  /** Warnings have an allowance of their own: what goes well is told however often something else fails. */
  #isAllowed(key: string, nowMs: number): boolean {
    const last = this.#allowance.get(key) ?? { tokens: BURST, atMs: nowMs };
    const tokens = Math.min(BURST, last.tokens + (nowMs - last.atMs) / REFILL_MS);
    const allowed = tokens >= 1;
    this.#allowance.set(key, { tokens: allowed ? tokens - 1 : tokens, atMs: nowMs });
    return allowed;
  }

  async #write(object: EventObject, text: EventText, nowMs: number): Promise<void> {
    const { type, reason, message } = text;
    const key = [object.uid, object.fieldPath, type, reason, message].join("/");
    const { namespace = "default" } = object;
    const known = this.#known.get(key);
    if (known !== undefined && (await this.#countUp(known, namespace, nowMs))) return;
    const name = `${object.name}.${this.#uniqueSuffix(nowMs)}`;
    const at = timestamp(nowMs);
    await this.#client.create<KubeObject>(EVENTS, {
      apiVersion: "v1",
      kind: "Event",
      metadata: { name, namespace },
      involvedObject: { ...object },
      ...{ type, reason, message },
      source: { component: "kubelet", host: this.#host },
      ...{ firstTimestamp: at, lastTimestamp: at, count: 1, eventTime: null },
      ...{ reportingComponent: "kubelet", reportingInstance: this.#host },
    });
    this.#known.set(key, name);
  }

  async #countUp(name: string, namespace: string, nowMs: number): Promise<boolean> {
    const event = await this.#client.get<StoredEvent>(EVENTS, name, namespace);
    if (event === undefined) return false;
    const lastTimestamp = timestamp(nowMs);
    try {
      await this.#client.update(EVENTS, { ...event, count: event.count + 1, lastTimestamp });
      return true;
    } catch (error) {
      if (isNotFound(error)) return false;
      if (isConflict(error)) return this.#countUp(name, namespace, nowMs);
      throw error;
    }
  }

  /**
   * Sixteen hexadecimal digits that grow with time, as client-go names its events. Its nanoseconds are here
   * milliseconds and an even number: the controllers, who may tell of the same pod in the same
   * millisecond, take the odd ones.
   */
  #uniqueSuffix(nowMs: number): string {
    this.#sequence += 2;
    const nanoseconds = BigInt(nowMs) * 1_000_000n + BigInt(this.#sequence % 1_000_000);
    return nanoseconds.toString(16);
  }
}

/** A pod, or one of its containers, as the subject of an event. */
export function podSubject(pod: Pod, container?: string): EventObject {
  const { name, namespace = "default", uid, resourceVersion } = pod.metadata;
  const lists = ["initContainers", "ephemeralContainers"] as const;
  const isIn = (list: (typeof lists)[number]) =>
    pod.spec[list]?.some(({ name: other }) => other === container) === true;
  const field = lists.find(isIn) ?? "containers";
  const fieldPath = container === undefined ? {} : { fieldPath: `spec.${field}{${container}}` };
  return { kind: "Pod", apiVersion: "v1", name, namespace, uid, resourceVersion, ...fieldPath };
}
