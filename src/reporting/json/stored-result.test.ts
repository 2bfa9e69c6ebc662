import { expect, it } from "vitest";
import { RESULT_SCHEMA, RESULT_VERSION } from "./render-result.ts";
import { readStoredResult } from "./stored-result.ts";

const textOf = (stamp: object) => JSON.stringify({ ...stamp, promises: [] });

it("reads a result of its own schema and version, and nothing else", () => {
  const own = { $schema: RESULT_SCHEMA, version: RESULT_VERSION };
  expect(readStoredResult(textOf(own))).toMatchObject(own);
  expect(readStoredResult(textOf({ ...own, version: RESULT_VERSION + 1 }))).toBeUndefined();
  expect(readStoredResult(textOf({ ...own, $schema: "https://example.org" }))).toBeUndefined();
  expect(readStoredResult("{")).toBeUndefined();
});
