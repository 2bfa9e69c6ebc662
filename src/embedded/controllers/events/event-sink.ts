import { hostname } from "node:os";
import { isNotFound } from "#embedded/api/api-error.ts";
import type { ApiClient } from "#embedded/api/client.ts";
import type { KubeObject } from "#embedded/api/objects.ts";
import { EVENTS } from "#embedded/api/resources.ts";
import { microTimestamp, timestamp } from "#embedded/controllers/meta/timestamp.ts";
import { EventCorrelator, isCombined } from "./event-correlator.ts";

/** Tells people about an object. It never fails and never makes its caller wait. */
export type RecordEvent = (object: KubeObject, event: EventText) => void;

/** What an event says of its object. */
export interface EventText {
  readonly type: "Normal" | "Warning";
  readonly reason: string;
  readonly message: string;
  /** What was being done; given by who uses the newer events API, as the scheduler does. */
  readonly action?: string;
}

/** Writes the controllers' Event objects, one after the other, apart from the work they tell about. */
export class EventSink {
  readonly #client: ApiClient;
  readonly #nowMs: () => number;
  readonly #correlator = new EventCorrelator();
  #sequence = 1;
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
        const repeat = isNewStyle(text)
          ? { series: { count, lastObservedTime: microTimestamp(atMs) } }
          : { count, message, lastTimestamp: timestamp(atMs) };
        return await this.#repeat(object, told, repeat);
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
      type: text.type,
      ...(isNewStyle(text)
        ? newStyle(component, text.action, atMs)
        : oldStyle(component, text, atMs)),
    });
  }

  /**
   * Kubernetes puts the instant in nanoseconds behind the dot. Ours are milliseconds and an odd number: the
   * kubelet, who may tell of the same pod in the same millisecond, takes the even ones.
   */
  #nextName(object: KubeObject, atMs: number): string {
    this.#sequence = (this.#sequence + 2) % 1_000_000;
    const nanoseconds = BigInt(atMs) * 1_000_000n + BigInt(this.#sequence);
    return `${object.metadata.name}.${nanoseconds.toString(16)}`;
  }
}

function isNewStyle(text: EventText): text is EventText & { readonly action: string } {
  return text.action !== undefined;
}

/** As `events.k8s.io/v1` has it: one instant to the microsecond, and no count until it is repeated. */
function newStyle(component: string, action: string, atMs: number): object {
  return {
    source: {},
    firstTimestamp: null,
    lastTimestamp: null,
    eventTime: microTimestamp(atMs),
    action,
    reportingComponent: component,
    reportingInstance: `${component}-${hostname()}`,
  };
}

/** A combined event has lost its reporter: Kubernetes' aggregation does not copy it. */
function oldStyle(component: string, { message }: EventText, atMs: number): object {
  return {
    source: { component },
    firstTimestamp: timestamp(atMs),
    lastTimestamp: timestamp(atMs),
    count: 1,
    eventTime: null,
    reportingComponent: isCombined(message) ? "" : component,
    reportingInstance: "",
  };
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
