import { expect, it } from "vitest";
import { type MachineReading, shareBetween, type WaitingTime } from "./machine-share.ts";

const reading = (
  counts: Partial<MachineReading>,
  own: readonly (readonly [number, WaitingTime])[] = [],
): MachineReading => ({
  ...{ processors: 2, busyMs: 0, ownMs: 0, own: new Map(own), stalledMs: 0 },
  ...counts,
});

it("tells what others had of all processors", () => {
  const before = reading({ busyMs: 10_000, ownMs: 500 });
  const after = reading({ busyMs: 13_000, ownMs: 1_500, stalledMs: 500 });
  expect(shareBetween(before, after, 2_000)).toMatchObject({ others: 0.5, pressure: 0.25 });
});

it("takes no time that an orphan has taken away from ours for work of others", () => {
  const before = reading({ busyMs: 10_000, ownMs: 9_000 });
  const after = reading({ busyMs: 11_000, ownMs: 2_000 });
  expect(shareBetween(before, after, 2_000)).toMatchObject({ others: 0.25 });
});

it("counts the waiting of those that are there, whoever has come or gone since", () => {
  const before = reading({}, [
    [1, { ranMs: 900, waitedMs: 100 }],
    [2, { ranMs: 9_000, waitedMs: 9_000 }],
  ]);
  const after = reading({}, [
    [1, { ranMs: 1_000, waitedMs: 200 }],
    [3, { ranMs: 100, waitedMs: 500 }],
  ]);
  expect(shareBetween(before, after, 2_000).waited).toBe(0.75);
});

it("is nothing where nobody wanted anything", () => {
  expect(shareBetween(reading({}), reading({}), 2_000)).toMatchObject({ others: 0, waited: 0 });
});
