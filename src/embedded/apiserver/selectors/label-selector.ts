import type { LabelSelector } from "#embedded/api/objects.ts";
import { badRequest } from "#embedded/apiserver/status/refusals.ts";

type Labels = Readonly<Record<string, string>>;

/** Decides over the labels of one object. */
export type LabelPredicate = (labels: Labels) => boolean;

/** Kubernetes' selector text, `app=web,tier in (a,b),!canary`; throws a 400 that quotes what it cannot read. */
export function parseLabelSelector(text: string): LabelPredicate {
  const requirements = splitOutsideParentheses(text).map(parseRequirement);
  return (labels) => requirements.every((requirement) => requirement(labels));
}

/** The structured form found in specs. An empty selector selects everything, an absent one nothing. */
export function matchesLabelSelector(selector: LabelSelector | undefined, labels: Labels): boolean {
  if (selector === undefined) return false;
  const equalities = Object.entries(selector.matchLabels ?? {});
  if (!equalities.every(([key, value]) => labels[key] === value)) return false;
  return (selector.matchExpressions ?? []).every((expression) => holdsFor(expression, labels));
}

/** The structured form as text, as the scale subresource shows it. */
export function formatLabelSelector(selector: LabelSelector | undefined): string {
  const equalities = Object.entries(selector?.matchLabels ?? {})
    .sort(([left], [right]) => left.localeCompare(right))
    .map(([key, value]) => `${key}=${value}`);
  const expressions = (selector?.matchExpressions ?? []).map(formatExpression);
  return [...equalities, ...expressions].join(",");
}

type Expression = NonNullable<LabelSelector["matchExpressions"]>[number];

function holdsFor({ key, operator, values = [] }: Expression, labels: Labels): boolean {
  const value = labels[key];
  switch (operator) {
    case "In":
      return value !== undefined && values.includes(value);
    case "NotIn":
      return value === undefined || !values.includes(value);
    case "Exists":
      return value !== undefined;
    case "DoesNotExist":
      return value === undefined;
  }
}

function formatExpression({ key, operator, values = [] }: Expression): string {
  const list = values.toSorted().join(",");
  switch (operator) {
    case "In":
      return `${key} in (${list})`;
    case "NotIn":
      return `${key} notin (${list})`;
    case "Exists":
      return key;
    case "DoesNotExist":
      return `!${key}`;
  }
}

const KEY = `([A-Za-z0-9][-A-Za-z0-9_./]*)`;
const VALUE = `([A-Za-z0-9](?:[-A-Za-z0-9_.]*[A-Za-z0-9])?)?`;
const SET = new RegExp(String.raw`^${KEY}\s+(in|notin)\s+\(([^()]*)\)$`);
const EQUALITY = new RegExp(String.raw`^${KEY}\s*(==|=|!=)\s*${VALUE}$`);
const COMPARISON = new RegExp(String.raw`^${KEY}\s*([<>])\s*(-?\d+)$`);
const EXISTENCE = new RegExp(String.raw`^(!?)\s*${KEY}$`);

function parseRequirement(text: string): LabelPredicate {
  const set = SET.exec(text);
  if (set !== null) {
    const [, key = "", operator, list = ""] = set;
    const values = list.split(",").map((value) => value.trim());
    return operator === "in"
      ? (labels) => labels[key] !== undefined && values.includes(labels[key])
      : (labels) => labels[key] === undefined || !values.includes(labels[key]);
  }
  const equality = EQUALITY.exec(text);
  if (equality !== null) {
    const [, key = "", operator, value = ""] = equality;
    return operator === "!="
      ? (labels) => labels[key] !== value
      : (labels) => labels[key] === value;
  }
  const comparison = COMPARISON.exec(text);
  if (comparison !== null) {
    const [, key = "", operator, bound = ""] = comparison;
    return (labels) => {
      const value = Number(labels[key]);
      return operator === "<" ? value < Number(bound) : value > Number(bound);
    };
  }
  const existence = EXISTENCE.exec(text);
  if (existence !== null) {
    const [, not, key = ""] = existence;
    return (labels) => (labels[key] === undefined) === (not === "!");
  }
  throw badRequest(`unable to parse requirement: ${JSON.stringify(text)}`);
}

function splitOutsideParentheses(text: string): readonly string[] {
  if (text.trim() === "") return [];
  return text.split(/,(?![^(]*\))/).map((part) => part.trim());
}
