import type { ObjectRef } from "./object-ref.ts";

/** What Kubernetes' authorization calls the ways to use a resource. */
export type Verb = "get" | "list" | "watch" | "create" | "update" | "patch" | "delete";

/** Leave to use one resource, as a rule of a Role has it. */
export interface AccessRule {
  /** Absent: in the whole cluster, which a Role cannot give. */
  readonly namespace?: string;
  /** Empty for the core group. */
  readonly apiGroup: string;
  /** In the plural, with its subresource: `pods/eviction`. */
  readonly resource: string;
  readonly verbs: readonly Verb[];
  /** Absent: objects of every name. */
  readonly names?: readonly string[];
}

/** Leave for one object; to create one cannot be limited to a name. */
export function ruleFor(
  ref: ObjectRef,
  verbs: readonly Exclude<Verb, "create">[],
  subresource?: string,
): AccessRule {
  return { ...ruleForAll(ref, verbs, subresource), names: [ref.name] };
}

/** Leave for all objects of a kind. */
export function ruleForAll(
  { apiVersion, kind, namespace }: Omit<ObjectRef, "name">,
  verbs: readonly Verb[],
  subresource?: string,
): AccessRule {
  const plural = pluralOf(kind);
  return {
    ...(namespace !== undefined && { namespace }),
    apiGroup: apiVersion.includes("/") ? apiVersion.slice(0, apiVersion.indexOf("/")) : "",
    resource: subresource === undefined ? plural : `${plural}/${subresource}`,
    verbs,
  };
}

/** Only the API knows the plural of a custom resource; nearly all are formed as those of Kubernetes are. */
function pluralOf(kind: string): string {
  const word = kind.toLowerCase();
  if (word.endsWith("endpoints")) return word;
  if (/(?:s|x|ch|sh)$/.test(word)) return `${word}es`;
  return /[^aeiou]y$/.test(word) ? `${word.slice(0, -1)}ies` : `${word}s`;
}

/** The same leave in the fewest rules: no verb is given twice, and what is alike is one rule. */
export function fewestRules(rules: readonly AccessRule[]): readonly AccessRule[] {
  const single = rules.flatMap((rule) => rule.verbs.map((verb) => ({ rule, verb })));
  const needed = single.filter(
    (one, index) =>
      !single.some(
        (other, at) => at !== index && covers(other, one) && !(covers(one, other) && index < at),
      ),
  );
  const alike = Map.groupBy(needed, ({ rule }) =>
    JSON.stringify([rule.namespace, rule.apiGroup, rule.resource, rule.names]),
  );
  return [...alike.values()].flatMap(([first, ...rest]) =>
    first === undefined ? [] : [{ ...first.rule, verbs: [first, ...rest].map(({ verb }) => verb) }],
  );
}

interface SingleRule {
  readonly rule: AccessRule;
  readonly verb: Verb;
}

function covers(wide: SingleRule, narrow: SingleRule): boolean {
  const [a, b] = [wide.rule, narrow.rule];
  return (
    wide.verb === narrow.verb &&
    a.apiGroup === b.apiGroup &&
    a.resource === b.resource &&
    (a.namespace === undefined || a.namespace === b.namespace) &&
    (a.names === undefined || (b.names?.every((name) => a.names?.includes(name)) ?? false))
  );
}
