import type { ComparableRun } from "./comparable-run.ts";

/** One thing on which the results of two runs rest and that is not the same in both. */
export interface EnvironmentChange {
  readonly what: string;
  readonly before: string;
  readonly now: string;
}

/** What else changed between two runs: a difference may come from any of it. */
export function environmentChanges(
  before: ComparableRun,
  now: ComparableRun,
): readonly EnvironmentChange[] {
  const [old, young] = [facts(before), facts(now)];
  const names = new Set([...old.keys(), ...young.keys()]);
  return [...names].flatMap((what) => {
    const change = { what, before: old.get(what) ?? "none", now: young.get(what) ?? "none" };
    return change.before === change.now ? [] : [change];
  });
}

function facts({
  scenario,
  environment,
  disruptions,
  load,
  digests,
}: ComparableRun): ReadonlyMap<string, string> {
  const { lastcall, node, platform, cluster, kubernetes, reached, images, commit, seed } =
    environment;
  return new Map([
    ["scenario", scenario],
    ["lastcall", lastcall],
    ["Node.js", node],
    ["platform", platform],
    ["cluster", cluster],
    ["Kubernetes", kubernetes],
    ...(reached === undefined ? [] : [["way to the Service", reached] as const]),
    ["images", images.join(", ") || "none"],
    ["commit", commit ?? "none"],
    ["seed", seed === undefined ? "none" : String(seed)],
    ["disruptions", disruptions.join(", then ") || "none"],
    // Of the load more is known than that it is another.
    ...Object.entries(digests)
      .filter(([part]) => part !== "load")
      .map(([part, digest]): [string, string] => [`scenario's ${part}`, digest.slice(0, 8)]),
    ...load.map(({ stream, offered }): [string, string] => [`load ${stream}`, offered]),
  ]);
}
