import type { IncomingMessage } from "node:http";
import type { ApiConnection } from "#clusters/kubernetes/api-connection.ts";
import { JsonLines } from "#clusters/kubernetes/json-lines.ts";
import type { RecordedResource } from "./recorded-resources.ts";
import { isSettled, type Known } from "./settled.ts";
import type { ActionResult, EntryType, Trace, TraceEntry, TraceObject } from "./trace.ts";

/** Once nothing more is expected, how long nothing may come: events arrive after what they tell of. */
const QUIET_MS = 500;

interface Listed {
  readonly metadata: { readonly resourceVersion: string };
  readonly items: readonly TraceObject[] | null;
}

interface Watched {
  readonly type: EntryType | "BOOKMARK" | "ERROR";
  readonly object: TraceObject;
}

/** Watches a namespace from before an action until all has settled after it. */
export class Recorder {
  readonly #api: ApiConnection;
  readonly #resources: readonly RecordedResource[];
  readonly #entries: TraceEntry[] = [];
  readonly #known = new Map<string, Known>();
  readonly #end = new AbortController();
  readonly #failed = Promise.withResolvers<never>();
  #startedMs = Number.POSITIVE_INFINITY;
  #onChange = (): void => undefined;

  constructor(api: ApiConnection, resources: readonly RecordedResource[]) {
    this.#api = api;
    this.#resources = resources;
    this.#failed.promise.catch(() => undefined); // told to whoever waits for the recording
  }

  /** Takes down what is there; from when it returns on, no change is missed. */
  async start(): Promise<void> {
    await Promise.all(this.#resources.map((resource) => this.#follow(resource)));
  }

  /** Records while `act` runs, and after it until all has settled, but at most `longestTailMs`. */
  async record(act: () => Promise<ActionResult>, longestTailMs: number): Promise<Trace> {
    this.#startedMs = performance.now();
    const action = await Promise.race([act(), this.#failed.promise]);
    const doneMs = this.#nowMs();
    await Promise.race([this.#settle(longestTailMs), this.#failed.promise]);
    const done = { t: doneMs, resource: "action", type: "DONE", object: action };
    this.#entries.push(done as unknown as TraceEntry); // the format's one line that is no object
    return { entries: this.#entries.filter(({ resource }) => resource !== "action"), action };
  }

  /** What was recorded, one JSON object a line, as golden traces are kept. */
  get text(): string {
    return `${this.#entries
      .toSorted((a, b) => a.t - b.t)
      .map((entry) => JSON.stringify(entry))
      .join("\n")}\n`;
  }

  stop(): void {
    this.#end.abort();
  }

  #nowMs(): number {
    return Math.max(-1, Math.round(performance.now() - this.#startedMs));
  }

  async #follow({ resource, path }: RecordedResource): Promise<void> {
    const { signal } = this.#end;
    const attempt = `record ${resource}`;
    const list = await this.#api.json<Listed>({ attempt, method: "GET", path }, signal);
    for (const item of list.items ?? []) this.#add(resource, "INITIAL", item);
    const { resourceVersion } = list.metadata;
    const query = { watch: "true", resourceVersion, timeoutSeconds: "3600" };
    const stream = await this.#api.open({ attempt, method: "GET", path, query }, signal);
    void this.#read(resource, stream).catch((error: unknown) => {
      if (!signal.aborted) this.#failed.reject(error);
    });
  }

  async #read(resource: string, stream: IncomingMessage): Promise<void> {
    const lines = new JsonLines();
    for await (const chunk of stream) {
      for (const line of lines.push(chunk as Buffer)) {
        const { type, object } = JSON.parse(line) as Watched; // the API server's own format
        if (type === "ERROR") throw new Error(`The watch of ${resource} broke: ${line}`);
        if (type !== "BOOKMARK") this.#add(resource, type, object);
      }
    }
    throw new Error(`The watch of ${resource} ended during the recording.`);
  }

  #add(resource: string, type: EntryType, object: TraceObject): void {
    this.#entries.push({ t: this.#nowMs(), resource, type, object: withoutNoise(object) });
    const { uid } = object.metadata;
    if (type === "DELETED") this.#known.delete(uid);
    else this.#known.set(uid, { resource, object });
    this.#onChange();
  }

  async #settle(longestMs: number): Promise<void> {
    const settled = Promise.withResolvers<void>();
    let quiet: NodeJS.Timeout | undefined;
    const longest = setTimeout(settled.resolve, longestMs);
    this.#onChange = () => {
      clearTimeout(quiet);
      if (isSettled([...this.#known.values()])) quiet = setTimeout(settled.resolve, QUIET_MS);
    };
    this.#onChange();
    try {
      await settled.promise;
    } finally {
      this.#onChange = () => undefined;
      clearTimeout(quiet);
      clearTimeout(longest);
    }
  }
}

/** Golden traces hold objects without the bookkeeping of field managers and the token's volume. */
function withoutNoise(object: TraceObject): TraceObject {
  const { managedFields: _, ...metadata } = object.metadata as TraceObject["metadata"] & {
    readonly managedFields?: unknown;
  };
  return { ...object, metadata };
}
