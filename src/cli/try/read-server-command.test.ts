import { afterEach, describe, expect, it, vi } from "vitest";
import { readServerCommand } from "./read-server-command.ts";

afterEach(() => vi.unstubAllEnvs());

describe("readServerCommand", () => {
  it("takes Kubernetes' settings as they are typed", () => {
    const options = { port: "9000", "pre-stop": "3s", grace: "20s", probe: "/ready", rate: "50" };
    expect(readServerCommand([process.execPath, "server.js"], options)).toMatchObject({
      command: [process.execPath, "server.js"],
      port: 9000,
      path: "/",
      probePath: "/ready",
      preStopSeconds: 3,
      gracePeriodSeconds: 20,
      replicas: 3,
      perSecond: 50,
    });
  });

  it("starts the program that the user's own PATH names", () => {
    vi.stubEnv("PATH", `/nowhere:${process.execPath.replace(/\/node$/, "")}`);
    expect(readServerCommand(["node"], {}).command).toEqual([process.execPath]);
  });

  it("leaves {host} and {port} to the pod, and every other dollar sign to the program", () => {
    const { command } = readServerCommand(
      [process.execPath, "--on={host}:{port}", "$HOME$(PORT)"],
      {},
    );
    expect(command.slice(1)).toEqual(["--on=$(HOST):$(PORT)", "$$HOME$$(PORT)"]);
  });

  it("hands the user's variables over, but not those that are the pod's own", () => {
    vi.stubEnv("DATABASE_URL", "postgres://db");
    vi.stubEnv("HOST", "laptop");
    vi.stubEnv("BASH_FUNC_which%%", "() { }");
    const { environment } = readServerCommand([process.execPath], {});
    expect(environment).toMatchObject({ DATABASE_URL: "postgres://db" });
    expect(Object.keys(environment)).not.toContain("HOST");
    expect(Object.keys(environment)).not.toContain("BASH_FUNC_which%%");
  });

  it.each([
    [[], {}, "NO_COMMAND"],
    [["no-such-program"], {}, "NO_PROGRAM"],
    [["./no-such-program"], {}, "NO_PROGRAM"],
    [[import.meta.dirname], {}, "NO_PROGRAM"],
    [[process.execPath], { port: "http" }, "BAD_OPTION"],
    [[process.execPath], { port: "65536" }, "BAD_OPTION"],
    [[process.execPath], { path: "index.html" }, "BAD_OPTION"],
    [[process.execPath], { grace: "1500ms" }, "BAD_OPTION"],
    [[process.execPath], { "pre-stop": "30s", grace: "20s" }, "BAD_OPTION"],
    [[process.execPath], { replicas: "1" }, "BAD_OPTION"],
  ])("refuses %j with %j", (command, options, code) => {
    expect(() => readServerCommand(command, options)).toThrow(expect.objectContaining({ code }));
  });
});
