import { expect, it } from "vitest";
import { qosClassOf } from "./qos-class.ts";

it.each([
  ["Guaranteed", { cpu: "2000m", memory: "1024Mi" }],
  ["Burstable", { cpu: "1999m", memory: "1Gi" }],
])("is %s by amounts, however they are written", (qosClass, requests) => {
  const resources = { limits: { cpu: "2", memory: "1Gi" }, requests };
  expect(qosClassOf({ containers: [{ name: "app", image: "app", resources }] })).toBe(qosClass);
});
