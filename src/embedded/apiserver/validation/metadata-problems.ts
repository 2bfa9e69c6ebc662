import type { KubeObject } from "#embedded/api/objects.ts";
import { invalid, type Problem, required } from "./problem.ts";

const SUBDOMAIN = /^[a-z0-9]([-a-z0-9]*[a-z0-9])?(\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*$/;
const LABEL = /^[a-z0-9]([-a-z0-9]*[a-z0-9])?$/;
const SERVICE_LABEL = /^[a-z]([-a-z0-9]*[a-z0-9])?$/;
const PATH_SEGMENT = /^(?!\.{1,2}$)[^/%]+$/;
const LABEL_VALUE = /^(([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9])?$/;
const QUALIFIED_NAME =
  /^([a-z0-9]([-a-z0-9]*[a-z0-9])?(\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*\/)?([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9]$/;

/** What the server says about a name that is not one. */
const SUBDOMAIN_RULE =
  "a lowercase RFC 1123 subdomain must consist of lower case alphanumeric characters, '-' or '.', and must start and end with an alphanumeric character (e.g. 'example.com', regex used for validation is '[a-z0-9]([-a-z0-9]*[a-z0-9])?(\\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*')";
const LABEL_RULE =
  "a lowercase RFC 1123 label must consist of lower case alphanumeric characters or '-', and must start and end with an alphanumeric character (e.g. 'my-name',  or '123-abc', regex used for validation is '[a-z0-9]([-a-z0-9]*[a-z0-9])?')";
const SERVICE_RULE =
  "a DNS-1035 label must consist of lower case alphanumeric characters or '-', start with an alphabetic character, and end with an alphanumeric character (e.g. 'my-name',  or 'abc-123', regex used for validation is '[a-z]([-a-z0-9]*[a-z0-9])?')";
const LABEL_VALUE_RULE =
  "a valid label must be an empty string or consist of alphanumeric characters, '-', '_' or '.', and must start and end with an alphanumeric character (e.g. 'MyValue',  or 'my_value',  or '12345', regex used for validation is '(([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9])?')";
const QUALIFIED_RULE =
  "name part must consist of alphanumeric characters, '-', '_' or '.', and must start and end with an alphanumeric character (e.g. 'MyName',  or 'my.name',  or '123-abc', regex used for validation is '([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9]')";

interface NameRule {
  readonly pattern: RegExp;
  readonly rule: string;
  readonly maxLength: number;
}

const SUBDOMAIN_NAME: NameRule = { pattern: SUBDOMAIN, rule: SUBDOMAIN_RULE, maxLength: 253 };

const NAME_RULES: Readonly<Record<string, NameRule>> = {
  namespaces: { pattern: LABEL, rule: LABEL_RULE, maxLength: 63 },
  services: { pattern: SERVICE_LABEL, rule: SERVICE_RULE, maxLength: 63 },
  roles: { pattern: PATH_SEGMENT, rule: "may not contain '/'", maxLength: 253 },
  rolebindings: { pattern: PATH_SEGMENT, rule: "may not contain '/'", maxLength: 253 },
  clusterroles: { pattern: PATH_SEGMENT, rule: "may not contain '/'", maxLength: 253 },
  clusterrolebindings: { pattern: PATH_SEGMENT, rule: "may not contain '/'", maxLength: 253 },
};

/** Names, labels and owners that no kind accepts. */
export function metadataProblems(
  { metadata }: KubeObject,
  { plural }: { readonly plural: string },
): readonly Problem[] {
  const { name, labels, annotations, ownerReferences = [] } = metadata;
  return [
    ...nameProblems(name, NAME_RULES[plural] ?? SUBDOMAIN_NAME),
    ...labelProblems("metadata.labels", labels),
    ...keyProblems("metadata.annotations", annotations),
    ...ownerReferences.flatMap((owner, index) =>
      (["apiVersion", "kind", "name", "uid"] as const)
        .filter((field) => (owner[field] ?? "") === "")
        .map((field) =>
          required(`metadata.ownerReferences[${index}].${field}`, `must not be empty`),
        ),
    ),
  ];
}

/** Label keys and values, also those of a pod template or a selector. */
export function labelProblems(
  field: string,
  labels: Readonly<Record<string, unknown>> | undefined,
): readonly Problem[] {
  const values = Object.values(labels ?? {}).flatMap((value) =>
    typeof value === "string" && value.length <= 63 && LABEL_VALUE.test(value)
      ? []
      : [invalid(field, value, LABEL_VALUE_RULE)],
  );
  return [...keyProblems(field, labels), ...values];
}

function keyProblems(
  field: string,
  entries: Readonly<Record<string, unknown>> | undefined,
): readonly Problem[] {
  return Object.keys(entries ?? {})
    .filter(
      (key) => !QUALIFIED_NAME.test(field === "metadata.annotations" ? key.toLowerCase() : key),
    )
    .map((key) => invalid(field, key, QUALIFIED_RULE));
}

function nameProblems(name: string, { pattern, rule, maxLength }: NameRule): readonly Problem[] {
  if (name.length > maxLength) {
    return [invalid("metadata.name", name, `must be no more than ${maxLength} bytes`)];
  }
  return pattern.test(name) ? [] : [invalid("metadata.name", name, rule)];
}
