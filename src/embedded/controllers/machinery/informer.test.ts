import { afterEach, describe, expect, it } from "vitest";
import { ApiError } from "#embedded/api/api-error.ts";
import type { ApiClient, WatchEvent } from "#embedded/api/client.ts";
import type { KubeObject } from "#embedded/api/objects.ts";
import { PODS } from "#embedded/api/resources.ts";
import { aMeta } from "#embedded/controllers/testing/builders.ts";
import { type Change, Informer } from "./informer.ts";

const anObject = (name: string, resourceVersion: string, uid = `uid-${name}`): KubeObject => ({
  apiVersion: "v1",
  kind: "Pod",
  metadata: aMeta(name, { resourceVersion, uid }),
});

/** What a watch brings: events, or an error that ends it. */
type Script = readonly (WatchEvent<KubeObject> | Error)[];

/** Answers each list with the next of the lists, and each watch with the next of the scripts. */
class ScriptedClient {
  readonly watchedFrom: string[] = [];
  readonly #lists: { items: KubeObject[]; resourceVersion: string }[];
  readonly #watches: Script[];

  constructor(lists: { items: KubeObject[]; resourceVersion: string }[], watches: Script[]) {
    this.#lists = lists;
    this.#watches = watches;
  }

  async list() {
    const next = this.#lists.shift();
    if (next === undefined) throw new Error("Listed once too often.");
    return next;
  }

  async *watch(
    _resource: unknown,
    { resourceVersion, signal }: { resourceVersion: string; signal: AbortSignal },
  ) {
    this.watchedFrom.push(resourceVersion);
    const script = this.#watches.shift();
    for (const step of script ?? []) {
      if (step instanceof Error) throw step;
      yield step;
    }
    if (script !== undefined) return;
    await new Promise<void>((resolve) => signal.addEventListener("abort", () => resolve()));
  }
}

describe("Informer", () => {
  let informer: Informer<KubeObject>;

  afterEach(async () => {
    await informer.stop();
  });

  async function start(
    lists: { items: KubeObject[]; resourceVersion: string }[],
    ...watches: Script[]
  ) {
    const client = new ScriptedClient(lists, watches);
    informer = new Informer<KubeObject>(client as unknown as ApiClient, PODS);
    const changes: string[] = [];
    const tell = ({ type, object, previous }: Change<KubeObject>) =>
      changes.push(
        `${type} ${object.metadata.name}@${object.metadata.resourceVersion}${previous === undefined ? "" : ` after ${previous.metadata.resourceVersion}`}`,
      );
    informer.subscribe(tell);
    await informer.start();
    await new Promise((resolve) => setTimeout(resolve, 10));
    return { client, changes };
  }

  it("knows what the list says and follows what the watch says", async () => {
    const { changes } = await start(
      [{ items: [anObject("a", "1"), anObject("b", "2")], resourceVersion: "2" }],
      [
        { type: "MODIFIED", object: anObject("a", "3") },
        { type: "DELETED", object: anObject("b", "4") },
        { type: "ADDED", object: anObject("c", "5") },
      ],
    );
    expect(informer.list("ns").map(({ metadata }) => metadata.name)).toEqual(["a", "c"]);
    expect(informer.get("a", "ns")?.metadata.resourceVersion).toBe("3");
    expect(changes).toEqual([
      "ADDED a@1",
      "ADDED b@2",
      "MODIFIED a@3 after 1",
      "DELETED b@4 after 2",
      "ADDED c@5",
    ]);
  });

  it("goes on from the last event when a watch ends", async () => {
    const { client } = await start(
      [{ items: [], resourceVersion: "1" }],
      [{ type: "ADDED", object: anObject("a", "7") }],
      [{ type: "ADDED", object: anObject("b", "9") }],
    );
    expect(client.watchedFrom).toEqual(["1", "7", "9"]);
  });

  it("lists again when the watch is too far behind, and tells what it has missed", async () => {
    const { client, changes } = await start(
      [
        {
          items: [anObject("kept", "1"), anObject("changed", "2"), anObject("gone", "3")],
          resourceVersion: "3",
        },
        {
          items: [anObject("kept", "1"), anObject("changed", "8"), anObject("new", "9")],
          resourceVersion: "9",
        },
      ],
      [new ApiError(410, "Expired", "too old resource version")],
    );
    expect(changes.slice(3)).toEqual([
      "DELETED gone@3 after 3",
      "MODIFIED changed@8 after 2",
      "ADDED new@9",
    ]);
    expect(client.watchedFrom).toEqual(["3", "9"]);
  });

  it("reads its own writes at once, and is not taken back by older news", async () => {
    const { changes } = await start([{ items: [anObject("a", "1")], resourceVersion: "1" }]);
    informer.remember(anObject("a", "5"));
    informer.remember(anObject("a", "3"));
    expect(informer.get("a", "ns")?.metadata.resourceVersion).toBe("5");
    expect(changes).toEqual(["ADDED a@1"]);
  });

  it("does not bring back what it was told is gone", async () => {
    await start([{ items: [anObject("a", "1")], resourceVersion: "1" }]);
    informer.forget(anObject("a", "2"));
    informer.remember(anObject("a", "1"));
    expect(informer.get("a", "ns")).toBeUndefined();
    informer.remember(anObject("a", "3", "another"));
    expect(informer.get("a", "ns")?.metadata.uid).toBe("another");
  });

  it("keeps the successor of a name when its predecessor's end is told late", async () => {
    await start(
      [{ items: [anObject("a", "1", "first")], resourceVersion: "1" }],
      [
        { type: "ADDED", object: anObject("a", "3", "second") },
        { type: "DELETED", object: anObject("a", "4", "first") },
      ],
    );
    expect(informer.get("a", "ns")?.metadata.uid).toBe("second");
  });
});
