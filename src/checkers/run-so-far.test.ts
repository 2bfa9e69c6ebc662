import { describe, expect, it } from "vitest";
import type { Exchange } from "#domain/exchange.ts";
import type { History } from "#domain/history.ts";
import { aHistory, anExchange, RESET } from "#test/support/builders.ts";
import { judge } from "./judge.ts";
import { RunSoFar } from "./run-so-far.ts";

/** 100 a second, of which one in 50 is lost while `web-1` leaves and one takes long. */
const exchanges = Array.from({ length: 1_000 }, (_, seq): Exchange => {
  const scheduledAtMs = seq * 10;
  const isLost = scheduledAtMs >= 4_000 && seq % 50 === 0;
  return anExchange({
    ...{ seq, scheduledAtMs, sentAtMs: scheduledAtMs, connectionId: seq % 8 },
    endedAtMs: scheduledAtMs + (seq === 555 ? 900 : 5),
    ...(isLost ? { outcome: RESET } : { servedBy: seq % 8 === 0 ? "web-1" : "web-2" }),
  });
});

function follow({ header, closing, observations }: History, seen: readonly Exchange[]): RunSoFar {
  const soFar = new RunSoFar(header);
  soFar.seePhases(closing.phases, 10_000);
  for (const observation of observations) soFar.observe(observation);
  for (const exchange of seen) soFar.see(exchange);
  return soFar;
}

describe("RunSoFar", () => {
  it("draws at the end what the report draws", () => {
    const history = aHistory({ exchanges });
    const drawn = follow(history, exchanges).draw();
    const report = judge(history, []);
    expect(drawn.lanes.map(({ pod, termination }) => [pod, termination])).toEqual(
      report.lanes.map(({ pod, termination }) => [
        pod,
        termination && drawn.terminations.find(({ uid }) => uid === termination.uid),
      ]),
    );
    for (const same of ["windows", "actions", "marks", "slow", "series", "seriesBucketMs"] as const)
      expect(drawn[same], same).toEqual(report[same]);
    expect(drawn.marks.length).toBeGreaterThan(10);
    expect(drawn.slow).toHaveLength(1);
    expect(drawn.closing.streams).toMatchObject([{ scheduled: 1_000, ok: 988 }]);
  });

  it("sees a pod leave between two drawings", () => {
    const { observations, ...history } = aHistory({ exchanges });
    const soFar = follow({ ...history, observations: observations.slice(0, 3) }, exchanges);
    expect(soFar.draw().terminations).toEqual([]);
    expect(soFar.draw().marks.some(({ phase }) => phase !== undefined)).toBe(false);
    for (const observation of observations.slice(3)) soFar.observe(observation);
    const { lanes, marks } = soFar.draw();
    expect(lanes[0]?.termination?.goneAtMs).toBe(6_000);
    expect(marks.some(({ phase }) => phase !== undefined)).toBe(true);
  });

  it("keeps a thousand failures to draw, and counts all of them", () => {
    const lost = Array.from({ length: 1_500 }, (_, seq) => anExchange({ seq, outcome: RESET }));
    const { marks, closing } = follow(aHistory(), lost).draw();
    expect(marks).toHaveLength(1_000);
    const [account] = closing.streams;
    expect((account?.failed ?? 0) + (account?.indeterminate ?? 0)).toBe(1_500);
  });
});
