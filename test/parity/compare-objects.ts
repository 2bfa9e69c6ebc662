import { compareChains, compareFacets, distinctStates, type Facets } from "./chain.ts";
import { unexplainedStatus } from "./counts.ts";
import type { Difference } from "./difference.ts";
import { type ObjectStory, objectStories } from "./object-story.ts";
import { pairByRole } from "./pair-by-role.ts";
import type { Roles } from "./roles.ts";
import type { Timed } from "./timed.ts";
import { controllerOf, entriesOf, type Trace } from "./trace.ts";
import { compareTurns } from "./turning-points.ts";

export interface NamedTrace {
  readonly trace: Trace;
  readonly roles: Roles;
}

/** The lives of everything but pods and events: workloads, Services and their endpoints, budgets, nodes. */
export function compareObjects(expected: NamedTrace, seen: NamedTrace): readonly Difference[] {
  const recorded = new Set(expected.trace.entries.map(({ resource }) => resource));
  // A recording may have left a resource out, as those of one node leave out the nodes.
  const comparable = objectStories(seen.trace, seen.roles).filter(
    ({ resource }) => resource !== "nodes" || recorded.has(resource),
  );
  const golden = objectStories(expected.trace, expected.roles);
  return pairByRole(golden, comparable, (one, other) =>
    compareStory(one, other, { expected: expected.trace, seen: seen.trace }),
  );
}

interface Traces {
  readonly expected: Trace;
  readonly seen: Trace;
}

function compareStory(
  expected: ObjectStory,
  seen: ObjectStory,
  traces: Traces,
): readonly Difference[] {
  const found = expected.isFromStart ? seen.states : fromFirstOf(expected, seen);
  const counts = COUNTS[expected.resource];
  if (counts === undefined) return compareChains(expected.role, expected.states, found);
  const others = (facet: string) => !counts.test(facet);
  return [
    ...compareChains(expected.role, only(others, expected.states), only(others, found)),
    ...compareCounts(expected, seen, traces),
  ];
}

/** What depends on which pod is quicker: a ReplicaSet is also scaled, step by step, as its pods allow. */
const COUNTS: Readonly<Record<string, RegExp>> = {
  deployments: /^status\..*[rR]eplicas$/,
  replicasets: /eplicas$|eneration$/,
};

/**
 * Each status follows from the pods, whose own lives are compared for themselves: whether the new pod was
 * ready before the old one was gone is chance. Where one pod leaves and one comes, each count still passes
 * through the same values. In a rollout several steps may become one, so there the counts begin and end
 * as in the golden trace, are scaled up and down in the same turns, and stay within the same bounds.
 */
function compareCounts(
  expected: ObjectStory,
  seen: ObjectStory,
  traces: Traces,
): readonly Difference[] {
  const where = expected.role;
  const resource = expected.resource as "replicasets" | "deployments"; // the keys of COUNTS
  const isCount = (facet: string) => COUNTS[resource]?.test(facet) ?? false;
  const unexplained = unexplainedStatus(traces.seen, resource, seen.uid);
  return [
    ...(changedPods(traces.expected, expected.uid) <= FEW_PODS
      ? compareFacets(where, only(isCount, expected.states), only(isCount, seen.states))
      : compareRollout(expected, seen)),
    ...(unexplained === undefined
      ? []
      : [
          { where: `${where}: status`, expected: "counts that its objects had", seen: unexplained },
        ]),
  ];
}

/** One pod out and one in. */
const FEW_PODS = 2;

function compareRollout(expected: ObjectStory, seen: ObjectStory): readonly Difference[] {
  const where = expected.role;
  const ends = (["before", "after"] as const).flatMap((moment) => {
    const at = moment === "before" ? 0 : -1;
    // How many generations a rollout took depends on how many steps were taken at once.
    const state = ({ states }: ObjectStory) =>
      only((facet) => facet.endsWith("eplicas"), states.slice(at, at === 0 ? 1 : undefined));
    return compareFacets(`${where} ${moment} all changes`, state(expected), state(seen));
  });
  const [wanted, found] = [numbers(expected, "replicas"), numbers(seen, "replicas")];
  return [
    ...ends,
    ...compareTurns(`${where}: replicas`, wanted, found),
    ...compareBounds(expected, seen),
  ];
}

/** A rollout may go no further above or below the number wanted than the golden one. */
function compareBounds(expected: ObjectStory, seen: ObjectStory): readonly Difference[] {
  if (expected.resource !== "deployments") return [];
  const where = expected.role;
  const extreme = (pick: typeof Math.min, story: ObjectStory, facet: string) =>
    pick(...numbers(story, facet));
  const most = {
    golden: extreme(Math.max, expected, "status.replicas"),
    seen: extreme(Math.max, seen, "status.replicas"),
  };
  const least = {
    golden: extreme(Math.min, expected, "status.availableReplicas"),
    seen: extreme(Math.min, seen, "status.availableReplicas"),
  };
  return [
    ...(most.seen > most.golden
      ? [{ where: `${where}: most replicas`, expected: `${most.golden}`, seen: `${most.seen}` }]
      : []),
    ...(least.seen < least.golden
      ? [{ where: `${where}: least available`, expected: `${least.golden}`, seen: `${least.seen}` }]
      : []),
  ];
}

function numbers({ states }: ObjectStory, facet: string): readonly number[] {
  return states.map(({ value }) => Number(value.get(facet) ?? 0));
}

function only(
  wanted: (facet: string) => boolean,
  states: readonly Timed<Facets>[],
): readonly Timed<Facets>[] {
  return distinctStates(
    states.map(({ atMs, value }) => ({
      atMs,
      value: new Map([...value].filter(([facet]) => wanted(facet))),
    })),
  );
}

/** A golden trace that began late knows nothing of the states before its first. */
function fromFirstOf(expected: ObjectStory, seen: ObjectStory): readonly Timed<Facets>[] {
  const first = expected.states[0]?.value;
  if (first === undefined) return seen.states;
  const start = seen.states.findIndex(({ value }) =>
    [...first].every(([facet, text]) => value.get(facet) === text),
  );
  return start === -1 ? seen.states : seen.states.slice(start);
}

/** How many pods below this owner came or went during the action. */
function changedPods(trace: Trace, uid: string): number {
  const sets = entriesOf(trace, "replicasets").filter(
    ({ object }) => controllerOf(object)?.uid === uid,
  );
  const owners = new Set([uid, ...sets.map(({ object }) => object.metadata.uid)]);
  const changes = entriesOf(trace, "pods").filter(
    ({ type, object }) =>
      owners.has(controllerOf(object)?.uid ?? "") &&
      (type === "ADDED" ||
        (type === "MODIFIED" && object.metadata.deletionTimestamp !== undefined)),
  );
  return new Set(changes.map(({ object }) => object.metadata.uid)).size;
}
