import { ApiError } from "#embedded/api/api-error.ts";
import type { JsonObject } from "#embedded/apiserver/json/copy-json.ts";
import { objectAt } from "#embedded/apiserver/json/fill-in.ts";
import {
  type FieldType,
  findKind,
  findType,
  type ObjectType,
} from "#embedded/apiserver/schema/type-table.ts";
import { badRequest } from "#embedded/apiserver/status/refusals.ts";
import { readMessage, type WireField } from "./wire-reader.ts";

const MAGIC = Buffer.from("k8s\0");

/** The JSON form of an object that came as `application/vnd.kubernetes.protobuf`. */
export function decodeObject(body: Buffer): JsonObject {
  if (!body.subarray(0, MAGIC.length).equals(MAGIC)) {
    throw badRequest(
      "provided data does not appear to be a protobuf message, expected prefix [107 56 115 0]",
    );
  }
  try {
    const { apiVersion, kind, raw } = readEnvelope(body.subarray(MAGIC.length));
    const type = findKind(apiVersion, kind);
    if (type === undefined) {
      const message = `this server cannot read ${kind} in ${apiVersion} as protobuf, send JSON`;
      throw new ApiError(415, "UnsupportedMediaType", message, {});
    }
    return { apiVersion, kind, ...decodeMessage(type, raw) };
  } catch (error) {
    if (error instanceof ApiError) throw error;
    throw badRequest(`proto: ${error instanceof Error ? error.message : String(error)}`);
  }
}

interface Envelope {
  readonly apiVersion: string;
  readonly kind: string;
  readonly raw: Buffer;
}

/** `runtime.Unknown`: the type by name, and the message. */
function readEnvelope(message: Buffer): Envelope {
  let envelope: Envelope = { apiVersion: "", kind: "", raw: Buffer.alloc(0) };
  for (const field of readMessage(message)) {
    if (field.type !== "bytes") continue;
    if (field.number === 2) envelope = { ...envelope, raw: field.bytes };
    if (field.number === 1) {
      const [apiVersion = "", kind = ""] = textFields(field.bytes);
      envelope = { ...envelope, apiVersion, kind };
    }
  }
  return envelope;
}

/** Fields 1 and 2 as text. */
function textFields(message: Buffer): readonly string[] {
  const texts: string[] = [];
  for (const field of readMessage(message)) {
    if (field.type === "bytes") texts[field.number - 1] = field.bytes.toString("utf8");
  }
  return texts;
}

/** Fields whose zero is a decision: pointers in Go. Any other zero is how Go writes "not given". */
const ZERO_COUNTS = new Set(
  `activeDeadlineSeconds allocateLoadBalancerNodePorts allowPrivilegeEscalation
  allowVolumeExpansion attachRequired automountServiceAccountToken backoffLimit
  backoffLimitPerIndex blockOwnerDeletion completions controller defaultMode
  deletionGracePeriodSeconds enableServiceLinks endPort expirationSeconds
  failedJobsHistoryLimit fsGroup gracePeriodSeconds hostUsers immutable leaseDurationSeconds
  leaseTransitions manualSelector maxFailedIndexes minReplicas mode optional orphanDependents
  parallelism partition podInfoOnMount priority privileged progressDeadlineSeconds
  readOnlyRootFilesystem ready replicas requiresRepublish revisionHistoryLimit runAsGroup
  runAsNonRoot runAsUser serving setHostnameAsFQDN shareProcessNamespace
  stabilizationWindowSeconds started startingDeadlineSeconds storageCapacity
  successfulJobsHistoryLimit suspend terminating terminationGracePeriodSeconds
  tolerationSeconds ttlSecondsAfterFinished
  served storage minimum maximum minLength maxLength minItems maxItems minProperties maxProperties`.split(
    /\s+/,
  ),
);

function decodeMessage(type: ObjectType, message: Buffer): JsonObject {
  const result: JsonObject = {};
  for (const wire of readMessage(message)) {
    const field = type.byNumber.get(wire.number);
    if (field !== undefined) decodeField(result, field, wire);
  }
  return result;
}

function decodeField(result: JsonObject, field: FieldType, wire: WireField): void {
  switch (field.shape) {
    case "inline":
      Object.assign(result, decodeValue(field.type, wire));
      break;
    case "list": {
      const before = result[field.name];
      const value = decodeValue(field.type, wire);
      result[field.name] = Array.isArray(before) ? [...before, value] : [value];
      break;
    }
    case "map": {
      const [key, value] = decodeEntry(field.type, wire);
      objectAt(result, field.name)[key] = value;
      break;
    }
    case "one": {
      const value = decodeValue(field.type, wire);
      if (field.type === "Raw" || !isZero(value) || (ZERO_COUNTS.has(field.name) && value !== "")) {
        result[field.name] = value;
      }
    }
  }
}

function isZero(value: unknown): boolean {
  return value === "" || value === 0 || value === false || value === undefined;
}

function decodeEntry(type: string, wire: WireField): readonly [string, unknown] {
  let key = "";
  let value: unknown = "";
  if (wire.type !== "bytes") return [key, value];
  for (const field of readMessage(wire.bytes)) {
    if (field.number === 1 && field.type === "bytes") key = field.bytes.toString("utf8");
    if (field.number === 2) value = decodeValue(type, field);
  }
  return [key, value];
}

function decodeValue(type: string, wire: WireField): unknown {
  if (wire.type === "varint") {
    return type === "bool" ? wire.value !== 0n : Number(BigInt.asIntN(64, wire.value));
  }
  if (wire.type === "fixed") {
    return wire.bytes.length === 8 ? wire.bytes.readDoubleLE() : wire.bytes.readFloatLE();
  }
  const { bytes } = wire;
  switch (type) {
    case "":
      return bytes.toString("utf8");
    case "bytes":
      return bytes.toString("base64");
    case "Quantity":
      return textFields(bytes)[0] ?? "0";
    case "Time":
      return decodeTime(bytes, 0);
    case "MicroTime":
      return decodeTime(bytes, 6);
    case "IntOrString":
      return decodeIntOrString(bytes);
    case "Raw":
    case "FieldsV1":
      return JSON.parse(textFields(bytes)[0] ?? "{}");
    case "SchemaOrArray":
    case "SchemaOrNames":
    case "SchemaOrBool":
      return decodeAlternative(type, bytes);
    case "ExtraValue":
      return [...readMessage(bytes)].map((item) => decodeValue("", item));
    default: {
      const object = findType(type);
      return object === undefined ? undefined : decodeMessage(object, bytes);
    }
  }
}

/** A schema in field 1, or several or names in field 2; in its place a bool has field 1, the schema field 2. */
function decodeAlternative(type: string, message: Buffer): unknown {
  const fields = [...readMessage(message)];
  const valuesOf = (number: number, as: string) =>
    fields.filter((field) => field.number === number).map((field) => decodeValue(as, field));
  const schemaAt = type === "SchemaOrBool" ? 2 : 1;
  const [schema] = valuesOf(schemaAt, "JSONSchemaProps");
  if (schema !== undefined) return schema;
  if (type === "SchemaOrBool") return valuesOf(1, "bool")[0] ?? false;
  return valuesOf(2, type === "SchemaOrNames" ? "" : "JSONSchemaProps");
}

/** The first second of the year 1, which is how Go writes "no time". */
const NO_TIME = -62_135_596_800n;

/** Seconds in field 1, and what is left of one, in nanoseconds, in field 2. */
function decodeTime(message: Buffer, digits: 0 | 6): string | undefined {
  let seconds: bigint | undefined;
  let nanoseconds = 0n;
  for (const field of readMessage(message)) {
    if (field.type !== "varint") continue;
    if (field.number === 1) seconds = BigInt.asIntN(64, field.value);
    if (field.number === 2) nanoseconds = BigInt.asIntN(32, field.value);
  }
  if (seconds === undefined || seconds === NO_TIME) return undefined;
  const whole = new Date(Number(seconds) * 1000).toISOString().slice(0, 19);
  if (digits === 0) return `${whole}Z`;
  return `${whole}.${String(nanoseconds / 1000n).padStart(digits, "0")}Z`;
}

/** Type 0 is the number in field 2, type 1 the text in field 3. */
function decodeIntOrString(message: Buffer): number | string {
  let isText = false;
  let number = 0;
  let text = "";
  for (const field of readMessage(message)) {
    if (field.type === "varint" && field.number === 1) isText = field.value === 1n;
    if (field.type === "varint" && field.number === 2) {
      number = Number(BigInt.asIntN(64, field.value));
    }
    if (field.type === "bytes" && field.number === 3) text = field.bytes.toString("utf8");
  }
  return isText ? text : number;
}
