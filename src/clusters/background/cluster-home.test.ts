import { mkdtempSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, it } from "vitest";
import { homeIn, prepareHome } from "./cluster-home.ts";

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "cluster-home-"));
});
afterEach(() => rmSync(folder, { recursive: true }));

it("is a folder into which only its user may look", async () => {
  const home = homeIn(join(folder, "state", "dev"), "dev");
  await (await prepareHome(home)).close();
  expect(statSync(home.directory).mode & 0o777).toBe(0o700);
  expect(statSync(home.log).mode & 0o777).toBe(0o600);
});

it("says which folder could not be made, and which variable names another", async () => {
  writeFileSync(join(folder, "state"), "a file");
  const home = homeIn(join(folder, "state", "dev"), "dev");
  await expect(prepareHome(home)).rejects.toMatchObject({
    code: "NO_CLUSTER_HOME",
    message: `Could not make ${home.directory} for the cluster's files.`,
    hint: expect.stringContaining("XDG_STATE_HOME"),
  });
});
