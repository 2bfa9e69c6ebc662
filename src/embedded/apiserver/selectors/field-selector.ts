import { badRequest } from "#embedded/apiserver/status/refusals.ts";

/** The fields of one object that may be selected on; an absent field counts as the empty string. */
export type SelectableFields = Readonly<Record<string, string>>;

/** Decides over the selectable fields of one object. */
export type FieldPredicate = (fields: SelectableFields) => boolean;

/** `spec.nodeName=n1,status.phase!=Failed`; throws a 400 for a field that the resource does not offer. */
export function parseFieldSelector(text: string, supported: ReadonlySet<string>): FieldPredicate {
  if (text.trim() === "") return () => true;
  const requirements = text.split(/(?<!\\),/).map((part) => parseRequirement(part, supported));
  return (fields) => requirements.every((requirement) => requirement(fields));
}

function parseRequirement(text: string, supported: ReadonlySet<string>): FieldPredicate {
  const match = /^([^=!]+)(==|=|!=)(.*)$/s.exec(text.trim());
  if (match === null) {
    throw badRequest(`invalid selector: '${text}'; can't understand '${text}'`);
  }
  const [, field = "", operator, raw = ""] = match;
  if (!supported.has(field)) throw badRequest(`field label not supported: ${field}`);
  const value = raw.replace(/\\([\\,=])/g, "$1");
  return operator === "!="
    ? (fields) => (fields[field] ?? "") !== value
    : (fields) => (fields[field] ?? "") === value;
}
