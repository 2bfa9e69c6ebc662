import { expect, it } from "vitest";
import { aMeta, secondsAgo } from "#embedded/controllers/testing/builders.ts";
import { olderFirst } from "./rollout.ts";

const born = (name: string, age: number) =>
  ({ metadata: aMeta(name, { creationTimestamp: secondsAgo(age) }) }) as Parameters<
    typeof olderFirst
  >[0]; // what is compared

it("puts the older ReplicaSet first, and of two of the same second the one whose name is", () => {
  const sets = [born("c", 5), born("b", 9), born("a", 5)];
  expect(sets.toSorted(olderFirst).map(({ metadata }) => metadata.name)).toEqual(["b", "a", "c"]);
});
