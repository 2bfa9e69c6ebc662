import { isChanceOfController } from "./chance-events.ts";
import { compareAction } from "./compare-action.ts";
import { compareObjects, type NamedTrace } from "./compare-objects.ts";
import { compareOccurrences } from "./compare-occurrences.ts";
import { comparePods } from "./compare-pods.ts";
import { compareScaling } from "./compare-scaling.ts";
import type { Difference } from "./difference.ts";
import { aggregationFaults, occurrencesBySubject } from "./events.ts";
import { podStories } from "./pod-story.ts";
import { Roles } from "./roles.ts";
import type { Trace } from "./trace.ts";

/**
 * What a client of the cluster could tell apart between a golden trace and another recording of its case:
 * nothing, when the list is empty. Names, addresses, UIDs, resource versions and instants differ always;
 * the order of changes of different objects differs by chance; everything else is behaviour.
 */
export function compareTraces(expected: Trace, seen: Trace): readonly Difference[] {
  const golden = { trace: expected, roles: new Roles(expected) };
  const other = { trace: seen, roles: new Roles(seen) };
  return [
    ...compareAction(golden, other),
    ...comparePods(podStories(golden.trace, golden.roles), podStories(other.trace, other.roles)),
    ...compareObjects(golden, other),
    ...compareControllerEvents(golden, other),
    ...aggregationFaults(seen, other.roles).map((fault) => ({
      where: "Events: aggregation",
      expected: "from the tenth on combined",
      seen: fault,
    })),
  ];
}

/** Events about anything but pods, whose own are compared with their lives. */
function compareControllerEvents(expected: NamedTrace, seen: NamedTrace): readonly Difference[] {
  const wanted = occurrencesBySubject(expected.trace, expected.roles);
  const found = occurrencesBySubject(seen.trace, seen.roles);
  const subjects = [...new Set([...wanted.keys(), ...found.keys()])];
  return subjects
    .filter((subject) => !subject.startsWith("Pod "))
    .flatMap((subject) => {
      const [golden, other] = [wanted.get(subject) ?? [], found.get(subject) ?? []];
      return subject.startsWith("Deployment ")
        ? compareScaling(subject, golden, other)
        : compareOccurrences(golden, other, { where: subject, isChance: isChanceOfController });
    });
}
