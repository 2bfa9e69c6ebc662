import { request } from "node:https";
import type { KubeConfig } from "@kubernetes/client-node";

/** One event of a watch, as it came over the wire. */
export interface WatchLine {
  readonly type: string;
  // biome-ignore lint/suspicious/noExplicitAny: the tests look into objects of every kind
  readonly object: any;
}

/** A watch that a test reads at its own pace. */
export interface WatchReader extends AsyncDisposable {
  /** The next `count` events; rejects when the stream ends before. */
  next(count: number): Promise<readonly WatchLine[]>;
  /** Every event until the server ends the stream. */
  rest(): Promise<readonly WatchLine[]>;
}

/** Opens a watch and resolves when its headers have arrived, which is before the first event. */
export async function openWatch(
  { config, url }: { readonly config: KubeConfig; readonly url: string },
  path: string,
  headers: Readonly<Record<string, string>> = {},
): Promise<WatchReader> {
  const lines: WatchLine[] = [];
  let ended = false;
  let wake = () => {};
  const sent = request(new URL(path, url), {
    agent: false,
    ca: Buffer.from(config.getCurrentCluster()?.caData ?? "", "base64"),
    headers: { authorization: `Bearer ${config.getCurrentUser()?.token}`, ...headers },
  });
  sent.end();
  await new Promise<void>((resolve, reject) => {
    sent.on("error", reject);
    sent.on("response", (answer) => {
      answer.setEncoding("utf8");
      let rest = "";
      answer.on("data", (chunk: string) => {
        const pieces = (rest + chunk).split("\n");
        rest = pieces.pop() ?? "";
        lines.push(...pieces.map((piece) => JSON.parse(piece)));
        wake();
      });
      const onEnd = () => {
        ended = true;
        wake();
      };
      answer.on("end", onEnd);
      answer.on("error", onEnd);
      resolve();
    });
  });
  const changed = () =>
    new Promise<void>((resolve) => {
      wake = resolve;
    });
  return {
    async next(count) {
      while (lines.length < count) {
        if (ended) throw new Error(`the watch ended after ${lines.length} of ${count} events`);
        await changed();
      }
      return lines.splice(0, count);
    },
    async rest() {
      while (!ended) await changed();
      return lines.splice(0);
    },
    async [Symbol.asyncDispose]() {
      sent.destroy();
    },
  };
}
