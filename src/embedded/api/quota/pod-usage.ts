import {
  addQuantities,
  type ExactQuantity,
  parseExactQuantity,
} from "#embedded/api/exact-quantity.ts";
import type { Container, Pod } from "#embedded/api/objects.ts";

/** Amounts by the name of the resource. */
export type Amounts = ReadonlyMap<string, ExactQuantity>;

const ONE: ExactQuantity = { nanos: 1_000_000_000n, binary: false };

/** What a pod uses of a quota: itself and what it requests; nothing but its place once it has ended. */
export function podUsage(pod: Pod, nowMs: number): Amounts {
  const usage = new Map<string, ExactQuantity>([["count/pods", ONE]]);
  if (hasEnded(pod, nowMs)) return usage;
  usage.set("pods", ONE);
  for (const [name, amount] of podTotal(pod, "requests")) {
    usage.set(`requests.${name}`, amount);
    // Only what Kubernetes itself knows is also called by its short name.
    if (!name.includes("/")) usage.set(name, amount);
  }
  for (const [name, amount] of podTotal(pod, "limits")) usage.set(`limits.${name}`, amount);
  return usage;
}

/** The containers that say nothing of a resource that somebody has to say something of. */
export function containersWithout({ spec }: Pod, name: string): readonly string[] {
  const [part = "", resource = ""] = name.includes(".") ? name.split(".") : ["requests", name];
  return [...spec.containers, ...(spec.initContainers ?? [])]
    .filter((container) => !amountsOf(container.resources, part).has(resource))
    .map((container) => container.name);
}

/** A pod whose grace has run out is not held against its owner, whatever keeps it. */
function hasEnded({ metadata, status }: Pod, nowMs: number): boolean {
  if (status.phase === "Failed" || status.phase === "Succeeded") return true;
  const { deletionTimestamp, deletionGracePeriodSeconds = 0 } = metadata;
  if (deletionTimestamp === undefined) return false;
  return nowMs > Date.parse(deletionTimestamp) + deletionGracePeriodSeconds * 1000;
}

type Part = "requests" | "limits";

/**
 * Containers run side by side, so theirs add up; an init container runs beside the sidecars before it and
 * nobody else, so of those only the greatest need counts.
 */
function podTotal({ spec }: Pod, part: Part): Amounts {
  let together: Amounts = new Map();
  let sidecars: Amounts = new Map();
  let initially: Amounts = new Map();
  for (const container of spec.containers) {
    together = sum(together, amountsOf(container.resources, part));
  }
  for (const container of spec.initContainers ?? []) {
    const needs = amountsOf(container.resources, part);
    initially = greatest(initially, sum(sidecars, needs));
    if (container.restartPolicy === "Always") sidecars = sum(sidecars, needs);
  }
  const running = greatest(sum(together, sidecars), initially);
  const whole = amountsOf(spec["resources"] as Container["resources"], part);
  return new Map([...running, ...whole]);
}

function amountsOf(resources: Container["resources"], part: string): Amounts {
  const given = resources?.[part as Part] ?? {};
  const amounts = new Map<string, ExactQuantity>();
  for (const [name, text] of Object.entries(given)) {
    const amount = parseExactQuantity(String(text));
    if (amount !== undefined) amounts.set(name, amount);
  }
  return amounts;
}

/** Both together. */
export function sum(left: Amounts, right: Amounts): Amounts {
  return combine(left, right, addQuantities);
}

function greatest(left: Amounts, right: Amounts): Amounts {
  return combine(left, right, (one, other) => (one.nanos >= other.nanos ? one : other));
}

function combine(
  left: Amounts,
  right: Amounts,
  choose: (one: ExactQuantity, other: ExactQuantity) => ExactQuantity,
): Amounts {
  const result = new Map(left);
  for (const [name, amount] of right) {
    const other = result.get(name);
    result.set(name, other === undefined ? amount : choose(other, amount));
  }
  return result;
}
