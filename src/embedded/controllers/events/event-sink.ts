import { isNotFound } from "#embedded/api/api-error.ts";
import type { ApiClient } from "#embedded/api/client.ts";
import type { KubeObject } from "#embedded/api/objects.ts";
import { EVENTS } from "#embedded/api/resources.ts";
import { timestamp } from "#embedded/controllers/meta/timestamp.ts";
import { EventCorrelator } from "./event-correlator.ts";

/** Tells people about an object. It never fails and never makes its caller wait. */
export type RecordEvent = (object: KubeObject, event: EventText) => void;

export interface EventText {
  readonly type: "Normal" | "Warning";
  readonly reason: string;
  readonly message: string;
}

/** Writes the controllers' Event objects, one after the other, apart from the work they tell about. */
export class EventSink {
  readonly #client: ApiClient;
  readonly #nowMs: () => number;
  readonly #correlator = new EventCorrelator();
  #sequence = 0;
  #written: Promise<void> = Promise.resolve();

  constructor(client: ApiClient, nowMs: () => number) {
    this.#client = client;
    this.#nowMs = nowMs;
  }

  recorderFor(component: string): RecordEvent {
    return (object, event) => {
      const atMs = this.#nowMs();
      this.#written = this.#written.then(() => this.#write(component, object, event, atMs));
    };
  }

  /** Resolves when every event recorded so far is written. */
  async drain(): Promise<void> {
    await this.#written;
  }

  async #write(component: string, object: KubeObject, text: EventText, atMs: number) {
    const name = this.#nextName(object, atMs);
    const occurrence = { source: component, uid: object.metadata.uid, ...text };
    const correlation = this.#correlator.correlate(occurrence, name, atMs);
    if (correlation.type === "drop") return;
    const { message } = correlation;
    try {
      if (correlation.type === "repeat") {
        const { name: told, count } = correlation;
        return await this.#repeat(object, told, { count, message, lastTimestamp: timestamp(atMs) });
      }
      await this.#create(component, object, { ...text, message }, { name, atMs });
    } catch {
      // An event is a courtesy: a namespace that is going away, for one, takes no more of them.
    }
  }

  async #repeat(object: KubeObject, name: string, body: object): Promise<void> {
    const namespace = object.metadata.namespace ?? "default";
    try {
      await this.#client.patch(EVENTS, { name, namespace, type: "merge", body });
    } catch (error) {
      if (!isNotFound(error)) throw error;
    }
  }

  async #create(
    component: string,
    object: KubeObject,
    text: EventText,
    { name, atMs }: { readonly name: string; readonly atMs: number },
  ): Promise<void> {
    await this.#client.create(EVENTS, {
      apiVersion: "v1",
      kind: "Event",
      metadata: { name, namespace: object.metadata.namespace ?? "default" },
      involvedObject: referenceTo(object),
      reason: text.reason,
      message: text.message,
      source: { component },
      firstTimestamp: timestamp(atMs),
      lastTimestamp: timestamp(atMs),
      count: 1,
      type: text.type,
      eventTime: null,
      reportingComponent: component,
      reportingInstance: "",
    });
  }

  /** Kubernetes puts the instant in nanoseconds behind the dot; ours are milliseconds and a number. */
  #nextName(object: KubeObject, atMs: number): string {
    this.#sequence = (this.#sequence + 1) % 1_000_000;
    const nanoseconds = BigInt(atMs) * 1_000_000n + BigInt(this.#sequence);
    return `${object.metadata.name}.${nanoseconds.toString(16)}`;
  }
}

function referenceTo({ apiVersion, kind, metadata }: KubeObject): object {
  const { name, namespace, uid, resourceVersion } = metadata;
  return {
    kind,
    ...(namespace === undefined ? {} : { namespace }),
    name,
    uid,
    apiVersion,
    resourceVersion,
  };
}
