/** One long-lived connection of a websocket stream that was opened, from then to its end. */
export interface HeldConnection {
  readonly stream: string;
  /** As the exchanges on it name it. */
  readonly connectionId: number;
  /** Which of the stream's connections it was: the next in the same place replaced it. */
  readonly place: number;
  readonly openedAtMs: number;
  readonly endedAtMs: number;
  /** The pod that accepted it, if it named itself. */
  readonly pod?: string;
  readonly end: ConnectionEnd;
  /** Messages on it that had no answer when it ended. */
  readonly unanswered: number;
  /** Answers that came on it once more. */
  readonly repeated: number;
}

/** `held` until the load ended it; `closed` by the server with a close frame that says so; else `cut`. */
export type ConnectionEnd =
  | { readonly type: "held" }
  | { readonly type: "closed"; readonly code: number }
  | { readonly type: "cut"; readonly by: Cut; readonly code?: number };

/** `code` is a close frame that speaks of an error; `silent`, that a message was not answered in time. */
export type Cut = "fin" | "reset" | "silent" | "broken-frame" | "code";

/** 1000 normal, 1001 going away, 1012 service restart; 1005 is a close frame that gives no code. */
const ORDERLY_CODES: ReadonlySet<number> = new Set([1000, 1001, 1005, 1012]);

/** What a close frame of the server's is. */
export function endByFrame(code: number): ConnectionEnd {
  return ORDERLY_CODES.has(code) ? { type: "closed", code } : { type: "cut", by: "code", code };
}
