import { describe, expect, it } from "vitest";
import { imagesOfObjects } from "./images-of-objects.ts";

const container = (image: string, imagePullPolicy?: string) => ({
  name: "app",
  image,
  ...(imagePullPolicy !== undefined && { imagePullPolicy }),
});

function pulled(image: string, policy?: string): boolean | undefined {
  const spec = { containers: [container(image, policy)] };
  return imagesOfObjects([{ apiVersion: "v1", kind: "Pod", metadata: { name: "p" }, spec }])[0]
    ?.pulls;
}

describe("imagesOfObjects", () => {
  it("finds the images of workloads, jobs, cron jobs and pods, and of init containers", () => {
    const template = {
      spec: { containers: [container("a:1")], initContainers: [container("b:1")] },
    };
    const object = (kind: string, spec: object) => ({
      apiVersion: "v1",
      kind,
      metadata: { name: "x" },
      spec,
    });
    const found = imagesOfObjects([
      object("StatefulSet", { template }),
      object("CronJob", { jobTemplate: { spec: { template } } }),
      object("Service", { ports: [] }),
      { apiVersion: "v1", kind: "ConfigMap", metadata: { name: "c" } },
    ]);
    expect(found.map(({ image, object }) => `${object} ${image}`)).toEqual([
      "StatefulSet x b:1",
      "StatefulSet x a:1",
      "CronJob x b:1",
      "CronJob x a:1",
    ]);
  });

  it("knows when a node asks the registry each time", () => {
    expect(pulled("shop")).toBe(true);
    expect(pulled("registry:5000/shop")).toBe(true);
    expect(pulled("shop:latest")).toBe(true);
    expect(pulled("shop:1")).toBe(false);
    expect(pulled("shop@sha256:0")).toBe(false);
    expect(pulled("shop:1", "Always")).toBe(true);
    expect(pulled("shop:latest", "Never")).toBe(false);
  });
});
