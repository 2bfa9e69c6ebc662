import { afterEach, beforeEach, describe, expect, it } from "vitest";
import type { KubernetesObject } from "#domain/workload.ts";
import type { Engine } from "./find-programs.ts";
import { provideImages } from "./provide-images.ts";
import { FakePrograms } from "./testing/fake-programs.ts";

const { signal } = new AbortController();

describe("provideImages", () => {
  let fakes: FakePrograms;
  let told: string[];

  beforeEach(() => {
    fakes = new FakePrograms();
    told = [];
    fakes.program("kind", "");
    fakes.program("docker", 'case "$*" in "image inspect"*) exit 1;; esac');
  });
  afterEach(() => fakes.end());

  const provide = (
    scenario: Parameters<typeof provideImages>[0],
    name: Engine["name"] = "docker",
  ) => {
    const tell = (line: string) => told.push(line);
    return provideImages(scenario, { name: "ci", engine: { name, env: {} }, tell }, signal);
  };
  const BUILDS = [{ image: "lastcall/shop:1", context: "/shop", args: ["BASE_IMAGE"] }];

  it("builds what the scenario says and loads it into the nodes", async () => {
    await provide({ objects: [deploymentOf("lastcall/shop:1")], builds: BUILDS });
    expect(fakes.calls).toEqual([
      "docker build --tag lastcall/shop:1 /shop",
      "kind load docker-image lastcall/shop:1 --name ci",
    ]);
  });

  it("passes on a build argument that the environment has", async () => {
    process.env["BASE_IMAGE"] = "local/node:24";
    await provide({ objects: [deploymentOf("lastcall/shop:1")], builds: BUILDS });
    expect(fakes.calls[0]).toBe("docker build --tag lastcall/shop:1 --build-arg BASE_IMAGE /shop");
  });

  it("says what to do when the base image cannot be had", async () => {
    fakes.program("docker", "echo 'pull access denied for node' >&2; exit 1");
    const objects = [deploymentOf("lastcall/shop:1")];
    await expect(provide({ objects, builds: BUILDS })).rejects.toMatchObject({
      message: expect.stringMatching(/^Could not build the image lastcall\/shop:1: `docker build/),
      hint: expect.stringContaining("BASE_IMAGE=IMAGE"),
    });
  });

  it("refuses an image that the nodes would pull although it is loaded", async () => {
    const builds = [{ image: "shop:latest", context: "/shop", args: [] }];
    await expect(provide({ objects: [deploymentOf("shop:latest")], builds })).rejects.toMatchObject(
      {
        code: "IMAGE_ALWAYS_PULLED",
        message: expect.stringContaining("Container app of Deployment web uses shop:latest"),
        hint: expect.stringContaining("imagePullPolicy: IfNotPresent"),
      },
    );
    expect(fakes.calls).toEqual([]);
    const never = deploymentOf("shop:latest", "IfNotPresent");
    await provide({ objects: [never], builds });
    expect(fakes.calls).toHaveLength(2);
  });

  it("loads what this machine has, and leaves the rest to the nodes", async () => {
    fakes.program("docker", 'case "$*" in *example/here*) exit 0;; esac; exit 1');
    await provide({ objects: [deploymentOf("example/here:1"), deploymentOf("example/far:1")] });
    expect(fakes.calls.filter((call) => call.startsWith("kind"))).toEqual([
      "kind load docker-image example/here:1 --name ci",
    ]);
  });

  it("loads the platform that docker has of an image of several", async () => {
    fakes.program("docker", "");
    fakes.program(
      "kind",
      'case "$*" in *docker-image*) echo "ctr: content digest sha256:1: not found" >&2; exit 1;; esac',
    );
    await provide({ objects: [deploymentOf("example/here:1")] });
    const archive = expect.stringMatching(
      /^docker save --platform linux\/\w+ --output \S+image.tar example\/here:1$/,
    );
    const load = expect.stringMatching(/^kind load image-archive \S+image.tar --name ci$/);
    expect(fakes.calls.slice(-2)).toEqual([archive, load]);
    expect(told).toEqual(["Loading example/here:1 into the nodes of ci."]);
  });

  it("goes on when an image that a registry may have cannot be loaded", async () => {
    fakes.program("docker", "");
    fakes.program("kind", "exit 1");
    await provide({ objects: [deploymentOf("example/here:1")] });
    expect(told.at(-1)).toBe(
      "example/here:1 is here, but could not be loaded; the nodes will pull it.",
    );
  });

  it("brings podman's images over as an archive, under the name that a node looks for", async () => {
    fakes.program("podman", "");
    await provide({ objects: [deploymentOf("lastcall/shop:1")], builds: BUILDS }, "podman");
    expect(fakes.calls.map((call) => call.replaceAll(/\/\S+image.tar/g, "TAR"))).toEqual([
      "podman build --tag docker.io/lastcall/shop:1 /shop",
      "podman save --output TAR docker.io/lastcall/shop:1",
      "kind load image-archive TAR --name ci",
    ]);
  });
});

function deploymentOf(image: string, imagePullPolicy?: string): KubernetesObject {
  const container = { name: "app", image, ...(imagePullPolicy && { imagePullPolicy }) };
  return {
    apiVersion: "apps/v1",
    kind: "Deployment",
    metadata: { name: "web" },
    spec: { template: { spec: { containers: [container] } } },
  };
}
