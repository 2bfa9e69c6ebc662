import { execFileSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { expect, it } from "vitest";
import { parseAllDocuments } from "yaml";

const objectsIn = (text: string) =>
  parseAllDocuments(text).map((document) => document.toJS() as { kind: string; spec?: object });
const named = (objects: ReturnType<typeof objectsIn>) => Map.groupBy(objects, ({ kind }) => kind);

it("kustomize takes deploy/nightly as a base and leaves every object as it is", () => {
  const built = execFileSync("kubectl", ["kustomize", "deploy/nightly"], { encoding: "utf8" });
  const rendered = readFileSync("deploy/nightly/nightly.yaml", "utf8");
  for (const [kind, objects] of named(objectsIn(rendered))) {
    expect(named(objectsIn(built)).get(kind)).toEqual(objects);
  }
});
