import { describe, expect, it } from "vitest";
import { commandLine, findImage } from "./images.ts";
import { aContainer } from "./testing/a-pod.ts";

describe("findImage", () => {
  const mapping = (image: string, directory: string) => ({ image, directory, command: ["run"] });
  const mappings = [mapping("shop:1", "/one"), mapping("registry.io:5000/team/shop", "/any")];
  const directoryOf = (image: string) => findImage(image, mappings)?.directory;

  it("matches a mapping with a tag exactly, and one without a tag for every tag and digest", () => {
    expect(directoryOf("shop:1")).toBe("/one");
    expect(directoryOf("docker.io/library/shop:1")).toBe("/one");
    expect(directoryOf("shop:2")).toBeUndefined();
    expect(directoryOf("registry.io:5000/team/shop")).toBe("/any");
    expect(directoryOf("registry.io:5000/team/shop:v2")).toBe("/any");
    expect(directoryOf("registry.io:5000/team/shop@sha256:ab")).toBe("/any");
  });

  it("knows every image of Node.js as this Node.js, and no other image", () => {
    for (const image of ["node", "node:24-alpine", "docker.io/library/node:20"]) {
      expect(findImage(image, [])?.command).toEqual(["node"]);
    }
    expect(findImage("my/node:24", [])).toBeUndefined();
  });
});

describe("commandLine", () => {
  const image = { directory: "/", command: ["serve", "--port=1"], imageID: "" };

  it("appends args to the image's command, and lets command replace it", () => {
    expect(commandLine(aContainer("app"), image)).toEqual(["serve", "--port=1"]);
    expect(commandLine(aContainer("app", { args: ["-v"] }), image)).toEqual([
      "serve",
      "--port=1",
      "-v",
    ]);
    expect(commandLine(aContainer("app", { command: ["sh"], args: ["-c"] }), image)).toEqual([
      "sh",
      "-c",
    ]);
  });

  it("lets the arguments of Node's images name another program, as their entry point does", () => {
    const node = findImage("node:24", []) ?? image;
    const line = (...args: readonly string[]) =>
      commandLine(aContainer("app", { args: [...args] }), node);
    expect(line("node", "-e", "1")).toEqual([process.execPath, "-e", "1"]);
    expect(line("sh", "-c", "exit")).toEqual(["sh", "-c", "exit"]);
    expect(line("/app/server.js", "x")).toEqual([process.execPath, "/app/server.js", "x"]);
    expect(line("--version")).toEqual([process.execPath, "--version"]);
    expect(line()).toEqual([process.execPath]);
  });

  it("takes the arguments as the command where the image has no entry point", () => {
    const shell = { ...image, command: ["sh"], argumentsReplace: true };
    const line = (args: readonly string[]) =>
      commandLine(aContainer("app", { args: [...args] }), shell);
    expect(line(["sleep", "60"])).toEqual(["sleep", "60"]);
    expect(line([])).toEqual(["sh"]);
  });

  it("runs what stands for the program at the path that it has in the real image", () => {
    const mapped = { ...image, path: "/serve" };
    const line = (command: readonly string[], args: readonly string[] = []) =>
      commandLine(aContainer("app", { command: [...command], args: [...args] }), mapped);
    expect(line(["/serve", "a"], ["b"])).toEqual(["serve", "--port=1", "a", "b"]);
    expect(line(["/other"], ["b"])).toEqual(["/other", "b"]);
  });

  it("runs node as this very Node.js", () => {
    expect(commandLine(aContainer("app", { command: ["node", "x.js"] }), image)).toEqual([
      process.execPath,
      "x.js",
    ]);
  });
});
