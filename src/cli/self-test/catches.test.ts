import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { chooseCatches, loadCatches, missingFor } from "./catches.ts";

let folder: string;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "catches-"));
});

afterEach(() => rmSync(folder, { recursive: true }));

function write(name: string, more = ""): void {
  mkdirSync(join(folder, name));
  writeFileSync(
    join(folder, name, "expect.yaml"),
    `about: a\nverdict: pass\nthresholds: [{ metric: forced kills, threshold: "0" }]\n${more}`,
  );
}

describe("loadCatches", () => {
  it("takes the folders that hold an answer, in order", async () => {
    write("b");
    write("a");
    mkdirSync(join(folder, "shared"));
    expect((await loadCatches(folder)).map(({ name }) => name)).toEqual(["a", "b"]);
  });
});

describe("chooseCatches", () => {
  it("takes those that are named, and of these the quick ones", async () => {
    write("a", "quick: true\n");
    write("b");
    const all = await loadCatches(folder);
    const names = (only: readonly string[], quick: boolean) =>
      chooseCatches(all, { only, quick }).map(({ name }) => name);
    expect([names([], false), names(["b"], false), names(["b"], true), names([], true)]).toEqual([
      ["a", "b"],
      ["b"],
      [],
      ["a"],
    ]);
  });

  it("refuses a name that no catch has, and lists those that there are", async () => {
    write("a");
    const all = await loadCatches(folder);
    expect(() => chooseCatches(all, { only: ["c"], quick: false })).toThrow(
      expect.objectContaining({ code: "UNKNOWN_CATCH", hint: "There are: a." }),
    );
  });
});

describe("missingFor", () => {
  it("names the program that is not on this machine", async () => {
    write("a", "needs: no-such-program\n");
    write("b", "needs: sh\n");
    write("c");
    const missing = (await loadCatches(folder)).map(missingFor);
    expect(missing[0]).toMatch(/^no-such-program, /);
    expect(missing.slice(1)).toEqual([undefined, undefined]);
  });
});
