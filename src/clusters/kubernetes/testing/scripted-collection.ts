import type { ServerResponse } from "node:http";
import { type Answer, answerJson, refuse } from "./scripted-api.ts";

/** A stored object of a test: its uid is its name. */
export function stored(name: string, resourceVersion: string, fields: object = {}) {
  return { metadata: { name, uid: name, resourceVersion }, ...fields };
}

type Stored = ReturnType<typeof stored>;

/** One collection of a scripted API: what a list answers, and the watches that are open on it. */
export class ScriptedCollection {
  items: readonly Stored[] = [];
  version = "1";
  /** The versions from which it was watched, in order. */
  readonly watchedFrom: string[] = [];
  /** Answers the next watches instead of opening them, one each. */
  readonly refusals: Answer[] = [];
  /** The same for the next lists. */
  readonly listRefusals: Answer[] = [];
  lists = 0;
  /** How often it was asked for its version only. */
  marks = 0;
  readonly #open = new Set<ServerResponse>();

  readonly answer: Answer = (request, response) => {
    if (request.query["limit"] === "1") {
      this.marks += 1;
      answerJson(response, { metadata: { resourceVersion: this.version }, items: [] });
      return;
    }
    if (request.query["watch"] !== "true") {
      this.lists += 1;
      const refusal = this.listRefusals.shift();
      if (refusal !== undefined) return refusal(request, response);
      answerJson(response, { metadata: { resourceVersion: this.version }, items: this.items });
      return;
    }
    this.watchedFrom.push(request.query["resourceVersion"] ?? "");
    const refusal = this.refusals.shift();
    if (refusal !== undefined) return refusal(request, response);
    response.writeHead(200, { "content-type": "application/json" });
    response.flushHeaders();
    this.#open.add(response);
    response.on("close", () => this.#open.delete(response));
  };

  get watchers(): number {
    return this.#open.size;
  }

  send(type: string, object: object): void {
    for (const response of this.#open) response.write(`${JSON.stringify({ type, object })}\n`);
  }

  endWatches(): void {
    for (const response of this.#open) response.end();
  }
}

export const expired: Answer = (_request, response) =>
  refuse(response, 410, "Expired", "too old resource version: 1 (9)");
