import type { Observation } from "./observation.ts";

interface Owning {
  readonly pod: string;
  readonly uid: string;
  readonly fromMs: number;
  untilMs: number;
}

/** So near to a change of owner nobody can say on which side of it a connection fell. */
const CHANGE_MS = 2_000;

/** Which pod had an address: the data path knows only those. */
export class AddressOwners {
  readonly #owners = new Map<string, Owning[]>();

  constructor(observations: readonly Observation[]) {
    for (const observation of observations) {
      if (observation.type === "pod") this.#see(observation);
    }
  }

  /**
   * The pod that had the address at that moment, between two instants within which it must have been first
   * seen with it. Where two had it at about that time nobody can tell: one of them may just have left, and
   * pods of the host's network share the node's.
   */
  at(address: string, atMs: number, within = WHENEVER): Pick<Owning, "pod" | "uid"> | undefined {
    const owners = (this.#owners.get(address) ?? []).filter(
      ({ fromMs }) => fromMs >= within.fromMs && fromMs <= within.untilMs,
    );
    if (owners.length === 1) return owners[0];
    const then = owners.filter(
      ({ fromMs, untilMs }) => fromMs - CHANGE_MS < atMs && atMs < untilMs + CHANGE_MS,
    );
    return then.length === 1 ? then[0] : undefined;
  }

  #see({ atMs, change, pod }: Extract<Observation, { type: "pod" }>): void {
    const { ip, name, uid } = pod;
    if (ip === undefined) return;
    const owners = this.#owners.get(ip) ?? [];
    this.#owners.set(ip, owners);
    let owner = owners.find((each) => each.uid === uid);
    if (owner === undefined) {
      owner = { pod: name, uid, fromMs: atMs, untilMs: Number.POSITIVE_INFINITY };
      owners.push(owner);
    }
    if (change === "deleted") owner.untilMs = atMs;
  }
}

const WHENEVER = { fromMs: Number.NEGATIVE_INFINITY, untilMs: Number.POSITIVE_INFINITY };
