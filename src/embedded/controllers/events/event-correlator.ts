/** What is to be told about an object, before it is known whether it was told already. */
export interface Occurrence {
  readonly source: string;
  readonly uid: string;
  readonly type: "Normal" | "Warning";
  readonly reason: string;
  readonly message: string;
}

export type Correlation =
  | { readonly type: "create"; readonly message: string }
  | {
      readonly type: "repeat";
      readonly name: string;
      readonly message: string;
      readonly count: number;
    }
  | { readonly type: "drop" };

/** From this many different messages of one reason on, they are told as one event. */
const MESSAGES_BEFORE_COMBINING = 10;
const COMBINING_WINDOW_MS = 600_000;
/** Events of one object: this many at once, then one in five minutes. */
const BURST = 25;
const REFILL_MS = 300_000;

const COMBINED = "(combined from similar events): ";

/** Whether a message stands for several that differ. */
export function isCombined(message: string): boolean {
  return message.startsWith(COMBINED);
}

interface Group {
  readonly messages: Set<string>;
  lastAtMs: number;
}

interface Told {
  readonly name: string;
  count: number;
}

interface Bucket {
  tokens: number;
  filledAtMs: number;
}

/**
 * Kubernetes' rules against event storms: the same message again raises a count, many similar messages are
 * combined, and too many events of one object are dropped. So a count of events proves nothing.
 */
export class EventCorrelator {
  readonly #groups = new Map<string, Group>();
  readonly #told = new Map<string, Told>();
  readonly #buckets = new Map<string, Bucket>();

  /** `nameIfNew` is the event's name when it has to be created; later repeats are told by that name. */
  correlate(occurrence: Occurrence, nameIfNew: string, nowMs: number): Correlation {
    const { source, uid, type, reason } = occurrence;
    const group = [source, uid, type, reason].join("\n");
    const combined = this.#isCombined(group, occurrence.message, nowMs);
    const message = combined ? `${COMBINED}${occurrence.message}` : occurrence.message;
    if (!this.#takeToken([source, uid, type].join("\n"), nowMs)) return { type: "drop" };
    const key = combined ? group : `${group}\n${occurrence.message}`;
    const told = this.#told.get(key);
    if (told === undefined) {
      this.#told.set(key, { name: nameIfNew, count: 1 });
      return { type: "create", message };
    }
    told.count += 1;
    return { type: "repeat", name: told.name, message, count: told.count };
  }

  #isCombined(key: string, message: string, nowMs: number): boolean {
    const known = this.#groups.get(key);
    const expired = known === undefined || nowMs - known.lastAtMs > COMBINING_WINDOW_MS;
    const group = expired ? { messages: new Set<string>(), lastAtMs: nowMs } : known;
    group.lastAtMs = nowMs;
    this.#groups.set(key, group);
    group.messages.add(message);
    if (group.messages.size < MESSAGES_BEFORE_COMBINING) return false;
    group.messages.delete(message); // the first ones stay known, and are never combined
    return true;
  }

  #takeToken(key: string, nowMs: number): boolean {
    const bucket = this.#buckets.get(key) ?? { tokens: BURST, filledAtMs: nowMs };
    this.#buckets.set(key, bucket);
    bucket.tokens = Math.min(BURST, bucket.tokens + (nowMs - bucket.filledAtMs) / REFILL_MS);
    bucket.filledAtMs = nowMs;
    if (bucket.tokens < 1) return false;
    bucket.tokens -= 1;
    return true;
  }
}
