import { expect, it } from "vitest";
import { becomeUser } from "./namespace-tools.ts";

const user = { uid: 1_000, gid: 2_000, groups: [], noNewPrivileges: false };

it("gives a program the groups of its user, and takes ours away where it has none", () => {
  expect(becomeUser({ ...user, groups: [2_000, 3_000] })).toContain("--groups=2000,3000");
  expect(becomeUser(user)).toContain("--clear-groups");
});

it("keeps a program from getting more rights only where that is asked", () => {
  expect(becomeUser({ ...user, noNewPrivileges: true })).toContain("--no-new-privs");
  expect(becomeUser(user)).not.toContain("--no-new-privs");
});

it("changes nobody where no user is asked for", () => {
  expect(becomeUser(undefined)).toEqual([]);
});
