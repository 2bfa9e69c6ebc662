import type { ArrivalRate } from "#domain/load-profile.ts";
import { DURATION, textReader } from "./readers.ts";
import type { Reader, YamlFields, YamlValue } from "./yaml-value.ts";

const PER_SECOND = textReader("a rate above 0, such as 200/s", (text) => {
  const rate = parsePerSecond(text);
  return rate === 0 ? undefined : rate;
});

/** A ramp may begin with nothing. */
const PER_SECOND_FROM = textReader("a rate such as 50/s", parsePerSecond);

const SEED = textReader("a whole number", (text) =>
  /^\d+$/.test(text) ? Number(text) : undefined,
);

/** `200/s` is even; `{ from: 50/s, to: 200/s, over: 10s }` is a ramp; `{ mean: 200/s, seed: 7 }` is Poisson. */
export const ARRIVAL: Reader<ArrivalRate> = {
  expected: PER_SECOND.expected,
  read: (value) => {
    if (value.isMapping) return readCurve(value);
    const perSecond = PER_SECOND.read(value);
    return perSecond === undefined ? undefined : { type: "constant", perSecond };
  },
};

function readCurve(value: YamlValue): ArrivalRate | undefined {
  const fields = value.fields(ARRIVAL.expected);
  if (fields === undefined) return undefined;
  const arrival = fields.names.includes("mean") ? readPoisson(fields) : readRamp(fields);
  fields.refuseOthers();
  return arrival;
}

function readPoisson(fields: YamlFields): ArrivalRate | undefined {
  const perSecond = fields.required("mean", PER_SECOND);
  const seed = fields.required("seed", SEED);
  if (perSecond === undefined || seed === undefined) return undefined;
  return { type: "poisson", perSecond, seed };
}

function readRamp(fields: YamlFields): ArrivalRate | undefined {
  const fromPerSecond = fields.required("from", PER_SECOND_FROM);
  const perSecond = fields.required("to", PER_SECOND);
  const rampMs = fields.required("over", DURATION);
  if (fromPerSecond === undefined || perSecond === undefined || rampMs === undefined)
    return undefined;
  return { type: "ramp", fromPerSecond, perSecond, rampMs };
}

function parsePerSecond(text: string): number | undefined {
  const { number } = /^(?<number>\d+(?:\.\d+)?)\s*(?:\/\s*s)?$/.exec(text)?.groups ?? {};
  return number === undefined ? undefined : Number(number);
}
