import type { History } from "#domain/history.ts";
import type { Observation } from "#domain/observation.ts";
import { aHistory, leaving } from "./builders.ts";

/** What was seen of the machine in the 2 s before. */
export const look = (atMs: number, others: number, waited: number): Observation => ({
  ...{ type: "machine", atMs, forMs: 2_000, processors: 2 },
  ...{ others, waited, pressure: 0.9 },
});

/** The same from 0 to 8,000 ms; `web-1` leaves from 4,000 on, and is exposed until 6,500. */
export const always = (others: number, waited: number) =>
  [2_000, 4_000, 6_000, 8_000].map((atMs) => look(atMs, others, waited));

/** Well but for the 2 s before this moment. */
export const starvedAt = (starvedMs: number) =>
  always(0.1, 0.1).map((one) => (one.atMs === starvedMs ? look(starvedMs, 0.9, 0.9) : one));

/** A history on a cluster that shares this machine. */
export function sharing(fields: Parameters<typeof aHistory>[0] = {}): History {
  const history = aHistory(fields);
  const environment = { ...history.header.environment, sharesMachine: true as const };
  return { ...history, header: { ...history.header, environment } };
}

/** The standard history on a shared machine that was looked at. */
export function lookedAt(
  looks: readonly Observation[],
  fields: Parameters<typeof aHistory>[0] = {},
): History {
  return sharing({ observations: [...leaving(), ...looks], ...fields });
}
