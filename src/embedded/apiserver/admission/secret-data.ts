import type { KubeObject } from "#embedded/api/objects.ts";
import { isObject } from "#embedded/apiserver/json/copy-json.ts";
import { equalJson } from "#embedded/apiserver/json/equal-json.ts";
import { forbidden, invalid, type Problem } from "#embedded/apiserver/validation/problem.ts";

/** `stringData` is write-only: it is encoded into `data` and never served. */
export function encodeStringData(draft: KubeObject): void {
  const { stringData } = draft as KubeObject & { stringData?: unknown };
  if (!isObject(stringData)) return;
  const data = isObject(draft["data"]) ? draft["data"] : {};
  for (const [key, text] of Object.entries(stringData)) {
    data[key] = Buffer.from(String(text)).toString("base64");
  }
  draft["data"] = data;
  delete draft["stringData"];
}

/** Types are fixed, and an immutable secret stays what it is. */
export function secretUpdateProblems(object: KubeObject, old: KubeObject): readonly Problem[] {
  const problems: Problem[] = [];
  if (object["type"] !== old["type"]) {
    problems.push(invalid("type", object["type"], "field is immutable"));
  }
  return [...problems, ...immutabilityProblems(object, old)];
}

const KEY = /^[-._a-zA-Z0-9]+$/;
const KEY_RULE =
  "a valid config key must consist of alphanumeric characters, '-', '_' or '.' (e.g. 'key.name',  or 'KEY_NAME',  or 'key-name', regex used for validation is '[-._a-zA-Z0-9]+')";

/** Keys of secrets and config maps become names of files. */
export function keyProblems(object: KubeObject): readonly Problem[] {
  return ["data", "binaryData"].flatMap((field) => {
    const keys = isObject(object[field]) ? Object.keys(object[field]) : [];
    return keys
      .filter((key) => !KEY.test(key) || key === "." || key.startsWith(".."))
      .map((key) => invalid(`${field}[${key}]`, key, KEY_RULE));
  });
}

/** Secrets and config maps can give up being changed, for good. */
export function immutabilityProblems(object: KubeObject, old: KubeObject): readonly Problem[] {
  if (old["immutable"] !== true) return [];
  const detail = "field is immutable when `immutable` is set";
  return ["immutable", "data", "binaryData"]
    .filter((field) => !equalJson(object[field], old[field]))
    .map((field) => forbidden(field, detail));
}
