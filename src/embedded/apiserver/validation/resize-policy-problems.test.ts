import { expect, it } from "vitest";
import type { KubeObject } from "#embedded/api/objects.ts";
import { podProblems } from "./pod-problems.ts";

const problems = (resizePolicy: object[], spec: object = {}) =>
  podProblems({
    kind: "Pod",
    spec: { containers: [{ name: "a", image: "a", resizePolicy }], ...spec },
  } as unknown as KubeObject).map(({ field, message }) => `${field}: ${message}`);
const cpu = (restartPolicy: string) => ({ resourceName: "cpu", restartPolicy });

it("accepts policies of 1.36, one for each resource", () => {
  const memory = { resourceName: "memory", restartPolicy: "RestartContainer" };
  expect(problems([cpu("NotRequired"), memory])).toEqual([]);
});

it.each([
  [[cpu("Sometimes")], {}, 'Unsupported value: "Sometimes"'],
  [[{ ...cpu("NotRequired"), resourceName: "disk" }], {}, 'Unsupported value: "disk"'],
  [[cpu("NotRequired"), cpu("NotRequired")], {}, 'resizePolicy[1]: Duplicate value: "cpu"'],
  [[cpu("RestartContainer")], { restartPolicy: "Never" }, "must be 'NotRequired' when pod"],
])("refuses %j in a pod with %j", (policies, spec, sentence) => {
  expect(problems(policies, spec)).toEqual([expect.stringContaining(sentence)]);
});

it("refuses to restart an init container that runs once", () => {
  const once = { name: "i", image: "i", resizePolicy: [cpu("RestartContainer")] };
  expect(problems([], { initContainers: [once] })).toEqual([
    expect.stringContaining("for non-sidecar initContainers"),
  ]);
  expect(problems([], { initContainers: [{ ...once, restartPolicy: "Always" }] })).toEqual([]);
});
