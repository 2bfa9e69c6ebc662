import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { findPrograms } from "./find-programs.ts";
import { FakePrograms } from "./testing/fake-programs.ts";

const { signal } = new AbortController();

describe("findPrograms", () => {
  let fakes: FakePrograms;

  beforeEach(() => {
    fakes = new FakePrograms();
  });
  afterEach(() => fakes.end());

  it("says that kind is missing and how to get it, before it looks for anything else", async () => {
    fakes.program("docker", "");
    await expect(findPrograms(signal)).rejects.toMatchObject({
      code: "NO_KIND",
      hint: expect.stringContaining("https://kind.sigs.k8s.io"),
    });
    expect(fakes.calls).toEqual([]);
  });

  it("says that there is no engine, and which were looked for", async () => {
    fakes.program("kind", "");
    await expect(findPrograms(signal)).rejects.toMatchObject({
      code: "NO_ENGINE",
      message: expect.stringContaining("docker, podman, nerdctl"),
      hint: expect.stringContaining("--cluster embedded"),
    });
  });

  it("tells an engine that does not answer from one that is missing", async () => {
    fakes.program("kind", "");
    fakes.program("docker", "echo 'Cannot connect to the Docker daemon' >&2; exit 1");
    await expect(findPrograms(signal)).rejects.toMatchObject({
      code: "ENGINE_DOWN",
      message: expect.stringContaining("docker: Cannot connect to the Docker daemon"),
    });
  });

  it("takes podman where docker is podman under another name, and tells kind so", async () => {
    fakes.program("kind", "");
    fakes.program("docker", 'case "$*" in *ServerVersion*) exit 125;; esac');
    fakes.program("podman", "");
    expect(await findPrograms(signal)).toEqual({
      name: "podman",
      env: { KIND_EXPERIMENTAL_PROVIDER: "podman" },
    });
  });

  it("obeys KIND_EXPERIMENTAL_PROVIDER", async () => {
    fakes.program("kind", "");
    fakes.program("docker", "");
    process.env["KIND_EXPERIMENTAL_PROVIDER"] = "podman";
    await expect(findPrograms(signal)).rejects.toThrow("looked for podman.");
    process.env["KIND_EXPERIMENTAL_PROVIDER"] = "rkt";
    await expect(findPrograms(signal)).rejects.toThrow('is "rkt"');
  });
});
