import { isDeepStrictEqual, parseArgs } from "node:util";
import { KILLED, killMoments } from "#test/cleanup/kill-moments.ts";
import { startTarget } from "#test/cleanup/kill-nine.ts";

/*
 * kill -9 of the harness at random moments of each disruption, then `lastcall cleanup`; says how often the
 * cluster was afterwards what it had been, object by object.
 */
const { values } = parseArgs({
  options: {
    moments: { type: "string", default: "30" },
    seed: { type: "string", default: "1" },
    only: { type: "string" },
  },
});
const target = await startTarget();
let failures = 0;
try {
  for (const [index, [name, run]] of Object.entries(KILLED).entries()) {
    if (values.only !== undefined && values.only !== name) continue;
    const seed = Number(values.seed) + index;
    const moments = killMoments(run, { seed, count: Number(values.moments) });
    let restored = 0;
    for (const afterMs of moments) {
      const { before, after, said, killedAfterMs } = await target.killAndCleanUp(run, afterMs);
      if (isDeepStrictEqual(after, before)) restored += 1;
      else
        process.stdout.write(
          `${name} at ${killedAfterMs.toFixed(1)} ms:\n${said}\n${describeDifference(before, after)}\n`,
        );
    }
    failures += moments.length - restored;
    process.stdout.write(`${name}: ${restored} of ${moments.length} restored\n`);
  }
} finally {
  await target.stop();
}
process.exitCode = failures === 0 ? 0 : 1;

/** The objects that are not what they were. */
function describeDifference(before: unknown, after: unknown): string {
  const [old, now] = [before, after] as Readonly<Record<string, unknown>>[]; // by the objects' names
  const names = new Set([...Object.keys(old ?? {}), ...Object.keys(now ?? {})]);
  return [...names]
    .filter((name) => !isDeepStrictEqual(old?.[name], now?.[name]))
    .map(
      (name) => `  ${name}: ${JSON.stringify(old?.[name])} is now ${JSON.stringify(now?.[name])}`,
    )
    .join("\n");
}
