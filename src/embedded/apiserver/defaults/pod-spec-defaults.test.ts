import { describe, expect, it } from "vitest";
import { setPodSpecDefaults } from "./pod-spec-defaults.ts";

function completed(spec: Record<string, unknown>): Record<string, unknown> {
  setPodSpecDefaults(spec);
  return spec;
}

const container = (fields: object) => {
  const spec = completed({ containers: [{ name: "a", image: "a:1", ...fields }] });
  return (spec["containers"] as readonly unknown[])[0];
};

describe("setPodSpecDefaults", () => {
  it("completes a pod that says nothing", () => {
    expect(completed({ containers: [{ name: "a", image: "a:1" }] })).toEqual({
      containers: [
        {
          name: "a",
          image: "a:1",
          resources: {},
          terminationMessagePath: "/dev/termination-log",
          terminationMessagePolicy: "File",
          imagePullPolicy: "IfNotPresent",
        },
      ],
      restartPolicy: "Always",
      dnsPolicy: "ClusterFirst",
      terminationGracePeriodSeconds: 30,
      securityContext: {},
      schedulerName: "default-scheduler",
    });
  });

  it("keeps what is given, zero included", () => {
    const spec = { containers: [], terminationGracePeriodSeconds: 0, restartPolicy: "Never" };
    expect(completed(spec)).toMatchObject({
      terminationGracePeriodSeconds: 0,
      restartPolicy: "Never",
    });
    // Nobody waits for less than nothing: it is the shortest grace period.
    const negative = completed({ containers: [], terminationGracePeriodSeconds: -1 });
    expect(negative["terminationGracePeriodSeconds"]).toBe(1);
  });

  it.each([
    ["a", "Always"],
    ["a:latest", "Always"],
    ["a:1", "IfNotPresent"],
    ["registry:5000/a", "Always"],
    ["registry:5000/a:1", "IfNotPresent"],
    ["a@sha256:0123", "IfNotPresent"],
  ])("pulls image %s %s", (image, imagePullPolicy) => {
    expect(container({ image })).toMatchObject({ imagePullPolicy });
  });

  it("completes probes, and takes their zeros for nothing", () => {
    const readinessProbe = { httpGet: { port: 80 }, periodSeconds: 0, failureThreshold: 5 };
    expect(container({ readinessProbe })).toMatchObject({
      readinessProbe: {
        httpGet: { path: "/", port: 80, scheme: "HTTP" },
        timeoutSeconds: 1,
        periodSeconds: 10,
        successThreshold: 1,
        failureThreshold: 5,
      },
    });
  });

  it("completes hooks, ports, and references to fields", () => {
    const fields = {
      lifecycle: { preStop: { httpGet: { port: 80 } } },
      ports: [{ containerPort: 80 }],
      env: [{ name: "IP", valueFrom: { fieldRef: { fieldPath: "status.podIP" } } }],
    };
    expect(container(fields)).toMatchObject({
      lifecycle: { preStop: { httpGet: { path: "/", scheme: "HTTP" } } },
      ports: [{ protocol: "TCP" }],
      env: [{ valueFrom: { fieldRef: { apiVersion: "v1" } } }],
    });
  });

  it("requests what is limited", () => {
    const resources = { limits: { cpu: "1", memory: "1Gi" }, requests: { cpu: "500m" } };
    expect(container({ resources })).toMatchObject({
      resources: { requests: { cpu: "500m", memory: "1Gi" } },
    });
  });

  it("makes a volume without a source an empty directory", () => {
    const volumes = [{ name: "a" }, { name: "b", secret: { secretName: "s" } }];
    expect(completed({ containers: [], volumes })["volumes"]).toEqual([
      { name: "a", emptyDir: {} },
      { name: "b", secret: { secretName: "s", defaultMode: 420 } },
    ]);
  });
});
