import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { loadImages } from "./load-images.ts";

let folder: string;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "images-"));
  mkdirSync(join(folder, "app"));
});
afterEach(() => rmSync(folder, { recursive: true }));

const write = (name: string, text: string) => {
  writeFileSync(join(folder, name), text);
  return join(folder, name);
};

const IMAGES = "images:\n  example/web: { directory: app, command: [node, web.js] }\n";
const MAPPING = () => [
  { image: "example/web", directory: join(folder, "app"), command: ["node", "web.js"] },
];

describe("loadImages", () => {
  it("reads a file that holds images and nothing else", async () => {
    expect(await loadImages(write("images.yaml", IMAGES))).toEqual(MAPPING());
  });

  it("takes the images of a scenario, and leaves the rest of it alone", async () => {
    write("scenario.yaml", `workload: nowhere.yaml\n${IMAGES}`);
    expect(await loadImages(folder)).toEqual(MAPPING());
  });

  it("reports every problem of the mapping at once", async () => {
    const file = write("images.yaml", "images:\n  a: { directory: none }\n  b: 7\n");
    const loading = loadImages(file);
    await expect(loading).rejects.toMatchObject({ code: "BAD_IMAGES" });
    await expect(loading).rejects.toThrow(/images\.a\.directory is "none"/);
    await expect(loading).rejects.toThrow(/images\.a lacks "command"/);
    await expect(loading).rejects.toThrow(/images\.b is "7"/);
  });
});
