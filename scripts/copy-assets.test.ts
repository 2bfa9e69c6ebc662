import { existsSync, globSync, mkdtempSync, rmSync, statSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, relative } from "node:path";
import { afterEach, beforeEach, expect, it } from "vitest";
import { BUILT_IN_IMAGES } from "#embedded/images/built-in-images.ts";
import { copyAssets } from "./copy-assets.ts";

let to: string;
beforeEach(() => {
  to = mkdtempSync(join(tmpdir(), "lastcall-assets-"));
  copyAssets(to);
});
afterEach(() => rmSync(to, { recursive: true }));

it("copies every file that the table of built-in images names", () => {
  const named = BUILT_IN_IMAGES.flatMap(({ command, programs, ownPrograms }) => [
    ...command,
    ...[programs ?? [], ownPrograms ?? []].flat(),
  ])
    .map((file) => relative(process.cwd(), file))
    .filter((file) => file.startsWith("src/"));
  expect(named.length).toBeGreaterThan(4);
  expect(named.filter((file) => !existsSync(join(to, file)))).toEqual([]);
});

it("copies all that is no TypeScript, and leaves executable what is run", () => {
  const files = globSync("src/{embedded/images,reporting}/**/*", { withFileTypes: true })
    .filter((entry) => entry.isFile() && !/\.(ts|json|md)$/.test(entry.name))
    .map(({ parentPath, name }) => relative(process.cwd(), join(parentPath, name)));
  expect(files).toContain("src/embedded/images/own-bin/cat");
  const modes = (root: string) =>
    files.map((file) => [file, statSync(join(root, file), { throwIfNoEntry: false })?.mode]);
  expect(modes(to)).toEqual(modes("."));
});
