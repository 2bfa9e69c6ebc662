import { expect, it } from "vitest";
import { revisionData, templateOf } from "./controller-revision.ts";

it("writes a template in the order of the alphabet, whatever order it came in, and reads it back", () => {
  const containers = [{ name: "a", image: "b", env: [{ value: "1", name: "X" }] }];
  const template = { spec: { containers }, metadata: { labels: { b: "1", a: "2" } } };
  const data = revisionData(template);
  expect(JSON.stringify(data)).toBe(
    '{"spec":{"template":{"$patch":"replace","metadata":{"labels":{"a":"2","b":"1"}},"spec":{"containers":[{"env":[{"name":"X","value":"1"}],"image":"b","name":"a"}]}}}}',
  );
  expect(templateOf({ data } as never)).toEqual(template);
});
