import type { Observation } from "./observation.ts";

interface Owning {
  readonly pod: string;
  readonly uid: string;
  readonly fromMs: number;
}

/** So near to a change of owner nobody can say on which side of it a connection fell. */
const CHANGE_MS = 2_000;

/** Which pod had an address: the data path knows only those. */
export class AddressOwners {
  readonly #owners = new Map<string, Owning[]>();

  constructor(observations: readonly Observation[]) {
    const known = new Set<string>();
    for (const observation of observations) {
      if (observation.type !== "pod") continue;
      const { ip, name, uid } = observation.pod;
      if (ip === undefined || known.has(`${uid} ${ip}`)) continue;
      known.add(`${uid} ${ip}`);
      const owning = { pod: name, uid, fromMs: observation.atMs };
      const others = this.#owners.get(ip);
      if (others === undefined) this.#owners.set(ip, [owning]);
      else others.push(owning);
    }
  }

  /**
   * The pod that had the address at that moment, between two instants within which it must have been first
   * seen with it. An address is given to the next pod late, and a moment near that proves nothing.
   */
  at(address: string, atMs: number, within = WHENEVER): Pick<Owning, "pod" | "uid"> | undefined {
    const owners = (this.#owners.get(address) ?? []).filter(
      ({ fromMs }) => fromMs >= within.fromMs && fromMs <= within.untilMs,
    );
    if (owners.length <= 1) return owners[0];
    if (owners.slice(1).some(({ fromMs }) => Math.abs(fromMs - atMs) < CHANGE_MS)) return undefined;
    return owners.findLast(({ fromMs }) => fromMs <= atMs) ?? owners[0];
  }
}

const WHENEVER = { fromMs: Number.NEGATIVE_INFINITY, untilMs: Number.POSITIVE_INFINITY };
