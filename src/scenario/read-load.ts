import type {
  HttpStream,
  LoadStream,
  TransactionStepTemplate,
  TransactionStream,
} from "#domain/load-profile.ts";
import { ARRIVAL } from "./read-arrival.ts";
import { auditSourceReader } from "./read-audit-source.ts";
import { checksReader } from "./read-checks.ts";
import { EXPECTATION, SUCCESS } from "./read-expectation.ts";
import { readRequest } from "./read-request.ts";
import { readTimeouts } from "./read-timeouts.ts";
import { readWebsocket } from "./read-websocket.ts";
import { COUNT, DURATION, listReader, NAME, wordReader } from "./readers.ts";
import type { Reader, YamlFields, YamlValue } from "./yaml-value.ts";

const STREAM_TYPES = ["reused", "fresh", "transactions", "websocket"] as const;

/** What the readers of a load have to know of the rest of the scenario. */
export interface LoadSurroundings {
  /** How many connections a stream keeps by default follows from it. */
  readonly replicas: number;
  /** The scenario's own folder. */
  readonly directory: string;
}

/** The list of streams. */
export function loadReader(surroundings: LoadSurroundings): Reader<readonly LoadStream[]> {
  const expected = "a list of streams, each with type, rate and path";
  const streams = listReader(expected, streamReader(surroundings));
  return {
    expected,
    read: (value) => {
      const load = streams.read(value);
      refuseDuplicates(value, "stream", load?.map(({ name }) => name) ?? []);
      // One ledger is read back after the run, and it must not matter whose keys are in it.
      if ((load ?? []).filter(({ type }) => type === "transactions").length > 1)
        value.report('has more than one stream of type "transactions"; one is allowed');
      return load;
    },
  };
}

function streamReader({ replicas, directory }: LoadSurroundings): Reader<LoadStream> {
  const expected = "a stream: a mapping with type, rate and path";
  return {
    expected,
    read: (value) => {
      const fields = value.fields(expected);
      const type = fields?.required("type", wordReader(STREAM_TYPES));
      if (fields === undefined || type === undefined) return undefined;
      const stream = readStream(fields, type, { replicas, directory });
      fields.refuseOthers();
      return stream;
    },
  };
}

function readStream(
  fields: YamlFields,
  type: LoadStream["type"],
  { replicas, directory }: LoadSurroundings,
): LoadStream | undefined {
  if (type === "transactions") return readTransactions(fields, directory);
  return type === "websocket" ? readWebsocket(fields, replicas) : readHttp(fields, type, replicas);
}

function readHttp(
  fields: YamlFields,
  type: HttpStream["type"],
  replicas: number,
): HttpStream | undefined {
  const name = fields.optional("name", NAME) ?? type;
  const arrival = fields.required("rate", ARRIVAL);
  const connections = fields.optional("connections", COUNT);
  const request = readRequest(fields);
  const takesMs = fields.optional("takes", DURATION);
  const timeouts = readTimeouts(fields, takesMs);
  const expect = fields.optional("expect", EXPECTATION) ?? SUCCESS;
  if (arrival === undefined) return undefined;
  const { perSecond } = arrival;
  const byDefault =
    type === "reused"
      ? Math.max(8 * replicas, Math.ceil(perSecond)) // several to each pod, and a stalled second
      : Math.max(64, Math.ceil(2 * perSecond)); // two stalled seconds
  return {
    type,
    name,
    arrival,
    request,
    connections: connections ?? byDefault,
    timeouts,
    expect,
    ...(takesMs !== undefined && { takesMs }),
  };
}

function readTransactions(fields: YamlFields, directory: string): TransactionStream | undefined {
  const name = fields.optional("name", NAME) ?? "transactions";
  const arrival = fields.required("rate", ARRIVAL);
  const connections = fields.optional("connections", COUNT);
  const steps = fields.required("steps", STEPS);
  const audit = fields.required("audit", auditSourceReader(directory));
  const effects = fields.required("effects", EFFECTS);
  const isDatabase = fields.names.includes("audit") && fields.at("audit").isMapping;
  const checks = fields.optional("checks", checksReader(isDatabase ? "query" : "path"));
  const timeouts = readTimeouts(fields);
  const expect = fields.optional("expect", EXPECTATION) ?? SUCCESS;
  if (arrival === undefined || steps === undefined || audit === undefined || effects === undefined)
    return undefined;
  refuseDuplicates(
    fields.at("steps"),
    "step",
    steps.map((step) => step.name),
  );
  refuseDuplicates(fields.at("effects"), "effect", effects);
  refuseDuplicates(fields.at("checks"), "check", checks?.map((check) => check.name) ?? []);
  // Enough for two seconds in which no transaction ends.
  const byDefault = Math.max(16, Math.ceil(2 * arrival.perSecond));
  return {
    type: "transactions",
    name,
    arrival,
    steps,
    audit,
    effects,
    ...(checks !== undefined && { checks }),
    connections: connections ?? byDefault,
    timeouts,
    expect,
  };
}

const STEP: Reader<TransactionStepTemplate> = {
  expected: "a step: a mapping with name, method and path",
  read: (value) => {
    const fields = value.fields(STEP.expected);
    if (fields === undefined) return undefined;
    const name = fields.required("name", NAME);
    const request = readRequest(fields);
    const thinkMs = fields.optional("think", DURATION);
    const expect = fields.optional("expect", EXPECTATION);
    fields.refuseOthers();
    if (name === undefined) return undefined;
    return {
      name,
      ...request,
      ...(thinkMs !== undefined && { thinkMs }),
      ...(expect !== undefined && { expect }),
    };
  },
};

const STEPS = listReader("a list of steps, each with name, method and path", STEP);

const EFFECTS = listReader("a list of names, such as [reserve, charge, confirm]", NAME);

function refuseDuplicates(value: YamlValue, what: string, names: readonly string[]): void {
  const twice = names.find((name, index) => names.indexOf(name) !== index);
  if (twice !== undefined) value.report(`has two ${what}s called "${twice}"; names must differ`);
}
