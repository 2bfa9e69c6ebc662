import { describe, expect, it } from "vitest";
import type { ApiContainer, ApiPreStop } from "./api-objects.ts";
import { containerSetup, preStopHook } from "./container-setup.ts";

const setupOf = (fields: Partial<ApiContainer>) => containerSetup({ name: "app", ...fields });

describe("containerSetup", () => {
  it.each([
    [["sh", "-c", "node server.js"], [], "sh"],
    [["/bin/bash"], ["-ec", "node server.js"], "bash"],
    [["busybox", "sh", "-c", "httpd -f"], [], "busybox"],
    [["sh", "-c", "migrate && exec node server.js"], [], undefined],
    [["sh", "-c", "trap 'kill %1' TERM; node server.js & wait"], [], undefined],
    [["node", "server.js"], [], undefined],
    [["sh", "start.sh"], [], undefined],
  ])(
    "sees in the command %j with %j the shell %s that keeps signals to itself",
    (command, args, shell) => {
      expect(setupOf({ command, args }).shell).toBe(shell);
    },
  );

  it("says nothing of a shell when the image's own entry point gets the arguments", () => {
    expect(setupOf({ args: ["sh", "-c", "node server.js"] }).shell).toBeUndefined();
  });

  it("keeps no word of the command, which may hold secrets", () => {
    const setup = setupOf({ command: ["sh", "-c", "TOKEN=s3cret node server.js"] });
    expect(JSON.stringify(setup)).not.toContain("s3cret");
  });

  it("reads the pace of the readiness probe, with Kubernetes' defaults", () => {
    expect(setupOf({ readinessProbe: { periodSeconds: 2 } }).readinessProbe).toEqual({
      periodSeconds: 2,
      failureThreshold: 3,
    });
    expect(setupOf({})).toEqual({ sidecar: false });
  });

  it("reads the memory limit", () => {
    expect(setupOf({ resources: { limits: { memory: "64Mi" } } }).memoryLimit).toBe("64Mi");
  });
});

describe("preStopHook", () => {
  const hooks: readonly [ApiPreStop | undefined, object | undefined][] = [
    [{ sleep: { seconds: 7 } }, { type: "sleep", seconds: 7 }],
    [{ exec: { command: ["sleep", "5"] } }, { type: "sleep", seconds: 5, command: true }],
    [{ exec: { command: ["sh", "-c", "nginx -s quit"] } }, { type: "exec" }],
    [{ httpGet: { path: "/drain" } }, { type: "http-get" }],
    [undefined, undefined],
  ];
  it.each(hooks)("reads %j as %j", (preStop, hook) => {
    const container: ApiContainer = {
      name: "app",
      ...(preStop !== undefined && { lifecycle: { preStop } }),
    };
    expect(preStopHook(container)).toEqual(hook);
  });
});
