import { type Markup, visibleJson } from "#reporting/html/markup.ts";
import { pageData } from "#reporting/html/page-data.ts";
import { takeApart } from "#reporting/html/part.ts";
import type { Timeline } from "#reporting/html/timeline.ts";

/** The whole page at one moment, in pieces that can be held against those of another. */
export interface Drawing {
  readonly frame: string;
  readonly parts: ReadonlyMap<string, string>;
  /** What the page's script needs to move, but for its long lists. */
  readonly axis: Piece | undefined;
  readonly marks: readonly Piece[];
  readonly streams: readonly (readonly Piece[])[];
}

interface Piece {
  readonly value: unknown;
  /** Two are the same when these are. */
  readonly text: string;
}

/** Without a timeline the page has nothing to move. */
export function drawingOf(page: Markup, timeline: Timeline | undefined): Drawing {
  const { marks, streams, ...axis } =
    timeline === undefined ? { marks: [], streams: [] } : pageData(timeline);
  return {
    ...takeApart(page),
    axis: timeline === undefined ? undefined : piece(axis),
    marks: marks.map(piece),
    streams: streams.map((points) => points.map(piece)),
  };
}

/** As JSON: what somebody who has seen one drawing needs to see the other, or nothing when they are the same. */
export function changesBetween(seen: Drawing | undefined, now: Drawing): string | undefined {
  const parts = [...now.parts].filter(([name, content]) => seen?.parts.get(name) !== content);
  const frame = now.frame === seen?.frame ? undefined : now.frame;
  const axis = now.axis?.text === seen?.axis?.text ? undefined : now.axis?.value;
  const marks = listChanges(seen?.marks, now.marks);
  const streams = now.streams.map((points, place) => listChanges(seen?.streams[place], points));
  const listsAreSame = [marks, ...streams].every(({ set }) => set.length === 0);
  if (parts.length === 0 && !frame && axis === undefined && listsAreSame) return undefined;
  return visibleJson({ frame, parts: Object.fromEntries(parts), axis, marks, streams });
}

function listChanges(seen: readonly Piece[] = [], now: readonly Piece[]) {
  const set = now.flatMap(({ value, text }, place) =>
    text === seen[place]?.text ? [] : [[place, value] as const],
  );
  return { length: now.length, set };
}

function piece(value: unknown): Piece {
  return { value, text: visibleJson(value) };
}
