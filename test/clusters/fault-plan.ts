import type { ApiFaultProxy } from "./api-fault-proxy.ts";

type Random = () => number;

/** One thing that goes wrong on the way; it resolves when it is over. `wait` counts the clients' milliseconds. */
type Fault = (
  proxy: ApiFaultProxy,
  random: Random,
  wait: (ms: number) => Promise<void>,
) => void | Promise<void>;

const between = (random: Random, least: number, most: number) => least + random() * (most - least);

function anyOf<T>(random: Random, all: readonly T[]): T | undefined {
  return all[Math.floor(random() * all.length)];
}

/** What the way to an API server can do to those who watch. */
export const FAULTS: Readonly<Record<string, Fault>> = {
  end: (proxy, random) => anyOf(random, proxy.watches)?.end(),
  reset: (proxy, random) => anyOf(random, proxy.watches)?.reset(),
  "reset all": (proxy) => {
    for (const watch of proxy.watches) watch.reset();
  },
  "cut a line": (proxy, random) => anyOf(random, proxy.watches)?.cutNextLine(),
  "410 event": (proxy, random) => anyOf(random, proxy.watches)?.expire(),
  "410 answer": (proxy, random) => {
    proxy.refuseNext({ of: "watch", status: 410 });
    anyOf(random, proxy.watches)?.end();
  },
  "429 and Retry-After": (proxy, random) => {
    const of = random() < 0.5 ? "watch" : "other";
    proxy.refuseNext({ of, status: 429, retryAfterSeconds: 1 });
    anyOf(random, proxy.watches)?.[of === "other" ? "expire" : "reset"]();
  },
  "500 and 503": (proxy, random) => {
    for (let count = 0; count < 1 + random() * 6; count += 1) {
      proxy.refuseNext({
        of: random() < 0.5 ? "watch" : "other",
        status: random() < 0.5 ? 500 : 503,
      });
    }
    for (const watch of proxy.watches) watch.end();
  },
  "stall and go on": async (proxy, random, wait) => {
    const watch = anyOf(random, proxy.watches);
    watch?.hold();
    await wait(between(random, 300, 9_000));
    watch?.release();
  },
  "stall and reset": async (proxy, random, wait) => {
    const watch = anyOf(random, proxy.watches);
    watch?.hold();
    await wait(between(random, 300, 6_000));
    watch?.reset();
  },
  "stall for good": (proxy, random) => anyOf(random, proxy.watches)?.hold(),
  freeze: async (proxy, random, wait) => {
    proxy.freeze();
    await wait(between(random, 300, 8_000));
    proxy.thaw();
  },
  restart: async (proxy, random, wait) => {
    await proxy.goAway();
    await wait(between(random, 100, 6_000));
    await proxy.listen();
  },
  "new token": (proxy) => proxy.rotateToken(),
};

/** The faults of one seed, one after the other, until the signal aborts. */
export async function plague(
  proxy: ApiFaultProxy,
  random: Random,
  wait: (ms: number) => Promise<void>,
  signal: AbortSignal,
): Promise<readonly string[]> {
  const names = Object.keys(FAULTS);
  const met: string[] = [];
  while (!signal.aborted) {
    await wait(between(random, 200, 3_000));
    const name = anyOf(random, names) ?? "end";
    met.push(name);
    await FAULTS[name]?.(proxy, random, wait);
  }
  return met;
}
