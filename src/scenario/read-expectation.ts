import type { Expectation } from "#domain/load-profile.ts";
import { TEXT, textReader } from "./readers.ts";
import type { Reader, YamlValue } from "./yaml-value.ts";

type StatusRange = Pick<Expectation, "statusMin" | "statusMax">;
type BodyJson = NonNullable<Expectation["bodyJson"]>;

/** Without an expectation, any complete 2xx answer is right. */
export const SUCCESS: Expectation = { statusMin: 200, statusMax: 299 };

const STATUS = textReader<StatusRange>("a status such as 200, 2xx or 200-204", (text) => {
  const { from, to, hundred } =
    /^(?:(?<from>[1-5]\d\d)(?:-(?<to>[1-5]\d\d))?|(?<hundred>[1-5])xx)$/.exec(text)?.groups ?? {};
  if (hundred !== undefined) {
    return { statusMin: Number(hundred) * 100, statusMax: Number(hundred) * 100 + 99 };
  }
  const range = { statusMin: Number(from), statusMax: Number(to ?? from) };
  return range.statusMin <= range.statusMax ? range : undefined;
});

const BODY_JSON: Reader<BodyJson> = {
  expected: "a mapping such as { path: order.state, equals: paid }",
  read: (value) => {
    const fields = value.fields(BODY_JSON.expected);
    const path = fields?.required("path", TEXT);
    const equals = fields?.required("equals", JSON_SCALAR);
    fields?.refuseOthers();
    if (path === undefined || equals === undefined) return undefined;
    return { path: path.split("."), equals: equals.value };
  },
};

/** Wrapped, because null is a value here and undefined is none. */
const JSON_SCALAR: Reader<{ readonly value: BodyJson["equals"] }> = {
  expected: "a text, a number, true, false or null",
  read: (value) => {
    const { scalar } = value;
    if (
      scalar === null ||
      typeof scalar === "string" ||
      typeof scalar === "number" ||
      typeof scalar === "boolean"
    )
      return { value: scalar };
    return value.refuse(JSON_SCALAR.expected);
  },
};

/** `200`, `2xx`, `200-204`, or `{ status: 200, bodyIncludes: ok, bodyJson: { path: state, equals: paid } }`. */
export const EXPECTATION: Reader<Expectation> = {
  expected: STATUS.expected,
  read: (value) => (value.isMapping ? readMapping(value) : STATUS.read(value)),
};

function readMapping(value: YamlValue): Expectation | undefined {
  const fields = value.fields(EXPECTATION.expected);
  if (fields === undefined) return undefined;
  const bodyIncludes = fields.optional("bodyIncludes", TEXT);
  const bodyJson = fields.optional("bodyJson", BODY_JSON);
  const status = fields.optional("status", STATUS) ?? SUCCESS;
  fields.refuseOthers();
  return {
    ...status,
    ...(bodyIncludes !== undefined && { bodyIncludes }),
    ...(bodyJson !== undefined && { bodyJson }),
  };
}
