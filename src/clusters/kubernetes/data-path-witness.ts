import { once } from "node:events";
import { messageOf } from "#domain/errors.ts";
import type { Clock } from "#ports/clock.ts";
import type {
  DataPathWitness,
  Entrances,
  Listening,
  WitnessListener,
} from "#ports/data-path-witness.ts";
import { type ApiConnection, readAnswer } from "./api-connection.ts";
import type { ApiList, ApiNode } from "./api-objects.ts";
import { JsonLines } from "./json-lines.ts";
import { parseLedConnection } from "./parse-led-connection.ts";

/** Without an answer by then it is not heard, and the run goes on without it. */
const ANSWER_LIMIT_MS = 5_000;

/** How long a node that fell silent is left alone. */
const ASK_AGAIN_MS = 1_000;

/** What was seen is on its way for no longer than this, on a machine that has time for it. */
const LINGER_MS = 250;

/**
 * Hears the nodes' data paths through the API server, which passes on what listens at a port of the node.
 * There each node tells of the connections that came in at it, one a line.
 */
export function dataPathWitness(api: ApiConnection, port: number): DataPathWitness {
  return {
    async listen(entrances, listener, { clock, signal }) {
      const list = { attempt: "list nodes", method: "GET", path: "/api/v1/nodes" } as const;
      const { items = [] } = await api.json<ApiList<ApiNode>>(list, signal);
      const nodes = items.map(({ metadata }) => metadata.name);
      const over = new AbortController();
      const hearings = nodes.map((node) => {
        const path = `/api/v1/nodes/${encodeURIComponent(`${node}:${port}`)}/proxy/connections`;
        return new NodeHearing(api, { node, path, entrances, listener, clock });
      });
      const stop = AbortSignal.any([signal, over.signal]);
      const ended = hearings.map((hearing) => hearing.run(stop));
      await Promise.all(hearings.map((hearing) => hearing.asked));
      return lingering(over, { clock, signal, ended });
    },
  };
}

function lingering(
  over: AbortController,
  {
    clock,
    signal,
    ended,
  }: {
    readonly clock: Clock;
    readonly signal: AbortSignal;
    readonly ended: readonly Promise<void>[];
  },
): Listening {
  return {
    async stop() {
      await clock.sleep(LINGER_MS, signal).catch(() => {});
      over.abort();
      await Promise.all(ended);
    },
  };
}

interface Hearing {
  readonly node: string;
  readonly path: string;
  readonly entrances: Entrances;
  readonly listener: WitnessListener;
  readonly clock: Clock;
}

/** One node, listened to until the signal aborts. */
class NodeHearing {
  readonly #api: ApiConnection;
  readonly #hearing: Hearing;
  readonly #asked = Promise.withResolvers<void>();
  #heard: boolean | undefined;

  constructor(api: ApiConnection, hearing: Hearing) {
    this.#api = api;
    this.#hearing = hearing;
  }

  /** Resolves after the first answer, or the first failure. */
  get asked(): Promise<void> {
    return this.#asked.promise;
  }

  async run(signal: AbortSignal): Promise<void> {
    while (!signal.aborted) {
      try {
        await this.#hear(signal);
        this.#note(false, "its data path ended the conversation");
      } catch (error) {
        if (!signal.aborted) this.#note(false, messageOf(error));
      }
      this.#asked.resolve();
      await this.#hearing.clock.sleep(ASK_AGAIN_MS, signal).catch(() => {});
    }
    this.#asked.resolve();
  }

  async #hear(signal: AbortSignal): Promise<void> {
    const { node, path, entrances, listener, clock } = this.#hearing;
    const call = { attempt: `hear the data path of node ${node}`, method: "GET", path } as const;
    const late = new AbortController();
    const timer = setTimeout(() => late.abort(), ANSWER_LIMIT_MS);
    const opening = this.#api.open(call, AbortSignal.any([signal, late.signal]));
    const answer = await opening.finally(() => clearTimeout(timer));
    if (answer.statusCode !== 200) {
      const { status, text } = await readAnswer(answer);
      throw new Error(`it answers ${status}: ${text.trim().slice(0, 200)}`);
    }
    this.#note(true);
    this.#asked.resolve();
    const lines = new JsonLines();
    answer.on("data", (chunk: Buffer) => {
      const atMs = clock.nowMs();
      try {
        for (const line of lines.push(chunk)) {
          const word = parseLedConnection(line, entrances);
          if (word !== undefined) listener.heard({ ...word, atMs });
        }
      } catch (error) {
        answer.destroy(error as Error); // what it says cannot be read: it is not heard
      }
    });
    await once(answer, "end", { signal });
  }

  #note(heard: boolean, because?: string): void {
    if (heard === this.#heard) return;
    this.#heard = heard;
    const { node, listener, clock } = this.#hearing;
    const atMs = clock.nowMs();
    listener.changed({ type: "witness", atMs, node, heard, ...(because && { because }) });
  }
}
