import { isObject, type JsonObject } from "#embedded/apiserver/json/copy-json.ts";
import { timestamp } from "#embedded/apiserver/registry/server-context.ts";
import { equalSets, type FieldSet, isEmpty, union } from "./field-set.ts";
import { decodeFields, encodeFields } from "./fields-v1.ts";

/** Who writes, as far as the object remembers it. */
export interface Writer {
  /** What the client calls itself, or else what its program is called. */
  readonly name: string;
  readonly operation: "Apply" | "Update";
  readonly apiVersion: string;
  /** Empty for the object itself. */
  readonly subresource: string;
}

/** A writer and the places that it was the last to write, or that it applies. */
export interface Manager extends Writer {
  readonly time: string;
  readonly fields: FieldSet;
}

/** Whoever applies is the same in every version; whoever updates is not. */
export function isSameWriter(left: Writer, right: Writer): boolean {
  return (
    left.name === right.name &&
    left.operation === right.operation &&
    left.subresource === right.subresource &&
    (left.operation === "Apply" || left.apiVersion === right.apiVersion)
  );
}

/** `metadata.managedFields` as it is stored. */
export function encodeManagers(managers: readonly Manager[]): readonly JsonObject[] {
  return managers.toSorted(byOperationAndTime).map((manager) => ({
    manager: manager.name,
    operation: manager.operation,
    apiVersion: manager.apiVersion,
    time: manager.time,
    fieldsType: "FieldsV1",
    fieldsV1: encodeFields(manager.fields),
    ...(manager.subresource === "" ? {} : { subresource: manager.subresource }),
  }));
}

/** Undefined for what no server has written; a list of one empty entry means "nobody". */
export function decodeManagers(entries: unknown): readonly Manager[] | undefined {
  if (!Array.isArray(entries)) return undefined;
  const managers: Manager[] = [];
  for (const entry of entries) {
    if (!isObject(entry)) return undefined;
    if (Object.keys(entry).length === 0) continue;
    const { manager, operation, apiVersion, time, fieldsV1, subresource } = entry as ManagerEntry;
    const fields = decodeFields(fieldsV1);
    if (fields === undefined || typeof manager !== "string") return undefined;
    if (operation !== "Apply" && operation !== "Update") return undefined;
    managers.push({
      ...{ name: manager, operation, apiVersion: String(apiVersion), time: inSeconds(time) },
      ...{ fields, subresource: String(subresource ?? "") },
    });
  }
  return managers;
}

/** Clients may send a time back with more digits than they got. */
function inSeconds(time: unknown): string {
  const atMs = Date.parse(String(time));
  return Number.isNaN(atMs) ? "" : timestamp(atMs);
}

interface ManagerEntry extends JsonObject {
  readonly manager?: unknown;
  readonly operation?: unknown;
  readonly apiVersion?: unknown;
  readonly time?: unknown;
  readonly fieldsV1?: unknown;
  readonly subresource?: unknown;
}

/** Puts a writer's places in the stead of those it had; the time tells when they last became others. */
export function withManager(
  others: readonly Manager[],
  manager: Manager,
  previous: Manager | undefined,
): readonly Manager[] {
  if (isEmpty(manager.fields)) return others;
  const same = previous !== undefined && equalSets(previous.fields, manager.fields);
  return [...others, same ? { ...manager, time: previous.time } : manager];
}

/** More who have updated than this are remembered as one. */
const MOST_UPDATERS = 10;
const ANCIENT = "ancient-changes";

/** Joins those who updated longest ago, so that an object does not grow with the number of its clients. */
export function capUpdaters(managers: readonly Manager[]): readonly Manager[] {
  const updaters = managers
    .filter(({ operation }) => operation === "Update")
    .toSorted(byOperationAndTime);
  const tooMany = updaters.length - MOST_UPDATERS;
  if (tooMany <= 0) return managers;
  const oldest = new Set(updaters.slice(0, tooMany + 1));
  const joined: Manager[] = [];
  for (const manager of oldest) {
    const ancient = { ...manager, name: ANCIENT, subresource: "" };
    const index = joined.findIndex((each) => isSameWriter(each, ancient));
    const known = joined[index];
    if (known === undefined) joined.push(ancient);
    else joined[index] = { ...ancient, fields: union(known.fields, manager.fields) };
  }
  return [...managers.filter((manager) => !oldest.has(manager)), ...joined];
}

function byOperationAndTime(left: Manager, right: Manager): number {
  return (
    compareText(left.operation, right.operation) ||
    compareText(left.time, right.time) ||
    compareText(left.name, right.name) ||
    compareText(left.apiVersion, right.apiVersion) ||
    compareText(left.subresource, right.subresource)
  );
}

function compareText(left: string, right: string): number {
  return left < right ? -1 : left > right ? 1 : 0;
}
