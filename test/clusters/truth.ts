import { isDeepStrictEqual } from "node:util";
import { endpointSnapshots } from "#clusters/kubernetes/endpoint-snapshots.ts";
import { podSnapshot } from "#clusters/kubernetes/pod-snapshot.ts";
import type { Observation } from "#domain/observation.ts";
import type { ApiClient, Resource } from "#embedded/api/client.ts";
import type { EndpointSlice, KubeObject, Pod } from "#embedded/api/objects.ts";
import { ENDPOINT_SLICES, PODS } from "#embedded/api/resources.ts";
import type { Clock } from "#ports/clock.ts";

/** One state of one object; `gone` is the last. */
export interface State {
  readonly atMs: number;
  readonly state: unknown;
}

export const GONE = "gone";

/** By `pods/UID` or `endpointslices/NAME`: the states in order, none twice in a row. */
export type Track = Map<string, State[]>;

export function note(track: Track, id: string, { atMs, state }: State): void {
  const states = track.get(id) ?? [];
  track.set(id, states);
  if (!isDeepStrictEqual(states.at(-1)?.state, state)) states.push({ atMs, state });
}

/** What a client was told, as a track. */
export function noteObservation(track: Track, observation: Observation): void {
  const { atMs } = observation;
  if (observation.type === "pod") {
    const { pod, change } = observation;
    note(track, `pods/${pod.uid}`, { atMs, state: change === "deleted" ? GONE : pod });
  } else if (observation.type === "endpoint-slice") {
    const { slice, endpoints, change } = observation;
    const state = change === "deleted" ? GONE : endpoints;
    note(track, `endpointslices/${slice}`, { atMs, state });
  }
}

/** What really happens in one namespace, told by the API server's own memory within each write. */
export class Truth {
  readonly track: Track = new Map();
  readonly #ending = new AbortController();
  readonly #clock: Clock;
  readonly #namespace: string;
  readonly #client: ApiClient;
  readonly #recording: Promise<void>[] = [];

  constructor(client: ApiClient, namespace: string, clock: Clock) {
    this.#client = client;
    this.#namespace = namespace;
    this.#clock = clock;
  }

  async start(): Promise<void> {
    // What a pod's status is in the server's types and in the client's is the same JSON.
    const pod = (object: KubeObject) => podSnapshot(object as Pod as never);
    await this.#follow(PODS, (object) => [`pods/${object.metadata.uid}`, pod(object)]);
    await this.#follow(ENDPOINT_SLICES, (object) => [
      `endpointslices/${object.metadata.name}`,
      endpointSnapshots(object as EndpointSlice as never),
    ]);
  }

  async stop(): Promise<void> {
    this.#ending.abort();
    await Promise.all(this.#recording);
  }

  async #follow(resource: Resource, read: (object: KubeObject) => [string, unknown]) {
    const namespace = this.#namespace;
    const take = (object: KubeObject, gone: boolean) => {
      const [id, state] = read(object);
      note(this.track, id, { atMs: this.#clock.nowMs(), state: gone ? GONE : state });
    };
    const { items, resourceVersion } = await this.#client.list(resource, { namespace });
    for (const object of items) take(object, false);
    const { signal } = this.#ending;
    const events = this.#client.watch(resource, { namespace, resourceVersion, signal });
    const record = async () => {
      for await (const { type, object } of events) take(object, type === "DELETED");
    };
    this.#recording.push(record());
  }
}
