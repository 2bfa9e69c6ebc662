import { describeDisruption } from "#domain/disruption.ts";
import type { Observation } from "#domain/observation.ts";
import type { RunFacts, RunPart } from "./run-facts.ts";

type Action = Extract<Observation, { type: "action" }>;

/**
 * What was to be done and did not happen: a budget that refused every eviction, a scaling down after which
 * nobody had left. Whatever else was measured then, this was not put to the test.
 */
export function missingEffects(facts: RunFacts): readonly string[] {
  return facts.parts.flatMap((part) => [
    ...refusedEvictions(facts, part),
    ...fruitlessScaling(facts, part),
    ...unheededSignals(facts, part),
  ]);
}

function actionsOf({ history }: RunFacts, { span }: RunPart): readonly Action[] {
  return history.observations.filter(
    (each): each is Action =>
      each.type === "action" && each.atMs >= span.fromMs && each.atMs <= span.untilMs,
  );
}

/** The last word on each pod counts: a refusal that was followed by an eviction was only patience. */
function refusedEvictions(facts: RunFacts, part: RunPart): readonly string[] {
  const evictions = actionsOf(facts, part).filter(({ verb }) => verb === "evict");
  const last = new Map(evictions.map((action) => [action.object, action]));
  const refused = [...last.values()].filter(
    ({ result }) => result.startsWith("refused") || result.startsWith("put off"),
  );
  const [first] = refused;
  if (first === undefined) return [];
  return [
    `${refused.length} of ${last.size} pods were never evicted; ${first.object} was ${first.result}`,
  ];
}

/** A number that is lower than the one of before has to make somebody leave, under load and in sight. */
function fruitlessScaling(facts: RunFacts, part: RunPart): readonly string[] {
  const { history } = facts;
  return history.header.disruptions.flatMap((disruption) => {
    if (disruption.type !== "scale") return [];
    const action = actionsOf(facts, part).find(
      ({ verb, result }) => verb === "scale" && result === `to ${disruption.replicas}`,
    );
    const before = desiredBefore(facts, part, action?.atMs);
    if (before === undefined || before <= disruption.replicas || part.terminations.length > 0) {
      return [];
    }
    return [`The ${describeDisruption(disruption)} made nobody leave.`];
  });
}

function desiredBefore({ history }: RunFacts, { span }: RunPart, atMs = span.untilMs) {
  const seen = history.observations.filter((each) => each.type === "workload");
  return seen.findLast((each) => each.atMs >= span.fromMs && each.atMs < atMs)?.workload.desired;
}

/** The kernel gives PID 1 of a container only the signals that it has a handler for. */
function unheededSignals(facts: RunFacts, part: RunPart): readonly string[] {
  const asked = facts.history.header.disruptions.some(
    (disruption) => disruption.type === "signal-pods",
  );
  if (!asked) return [];
  const sent = actionsOf(facts, part).filter(
    ({ verb, result }) => verb === "signal" && result.startsWith("sent"),
  );
  const unheeded = sent.filter(
    ({ object, atMs }) =>
      !part.terminations.some(
        ({ pod, deletionRequestedAtMs }) =>
          object === `pod/${pod}` && deletionRequestedAtMs === atMs,
      ),
  );
  const [first] = unheeded;
  if (first === undefined) return [];
  return [
    `${unheeded.length} of ${sent.length} signals ended no container; ${first.object} was ${first.result}, and PID 1 gets only the signals that it has a handler for`,
  ];
}
