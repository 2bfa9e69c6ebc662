import { isDeepStrictEqual } from "node:util";
import type { State } from "./truth.ts";

/** What became of one state: told, told late, never told, or told though it never was. */
export interface Step {
  readonly type: "told" | "missed" | "invented";
  readonly state: State;
  readonly lateMs: number;
}

interface Alignment {
  readonly truth: readonly State[];
  readonly told: readonly State[];
  /** How bad a step is. */
  cost(step: Step): number;
}

interface Cell {
  readonly cost: number;
  readonly step: Step | undefined;
  readonly before: Cell | undefined;
}

/**
 * Lays what was told along what happened, in order, so that as little as possible is wrong: a state that
 * came back (no endpoint at all) must not be taken for its first time.
 */
export function align({ truth, told, cost }: Alignment): readonly Step[] {
  const after = (before: Cell | undefined, step: Step): readonly Cell[] =>
    before === undefined ? [] : [{ cost: before.cost + cost(step), step, before }];
  let row: Cell[] = [];
  for (let happened = 0; happened <= truth.length; happened += 1) {
    const above = row;
    row = [];
    for (let heard = 0; heard <= told.length; heard += 1) {
      const [state, report] = [truth[happened - 1], told[heard - 1]];
      const cells = [
        ...(state === undefined ? [] : after(above[heard], { type: "missed", state, lateMs: 0 })),
        ...(report === undefined
          ? []
          : after(row[heard - 1], { type: "invented", state: report, lateMs: 0 })),
        ...(state !== undefined &&
        report !== undefined &&
        isDeepStrictEqual(state.state, report.state)
          ? after(above[heard - 1], { type: "told", state, lateMs: report.atMs - state.atMs })
          : []),
      ];
      row.push(cells.toSorted((a, b) => a.cost - b.cost)[0] ?? NOTHING_YET);
    }
  }
  return stepsTo(row.at(-1));
}

const NOTHING_YET: Cell = { cost: 0, step: undefined, before: undefined };

function stepsTo(end: Cell | undefined): readonly Step[] {
  const steps: Step[] = [];
  for (let cell = end; cell?.step !== undefined; cell = cell.before) steps.unshift(cell.step);
  return steps;
}
