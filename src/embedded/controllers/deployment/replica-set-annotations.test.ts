import { expect, it } from "vitest";
import type { ReplicaSet } from "#embedded/api/objects.ts";
import { nextRevision, REVISION } from "./replica-set-annotations.ts";

it("counts revisions on from any that a ReplicaSet of before was given, however great", () => {
  const replicaSet = (revision: string) =>
    ({ metadata: { annotations: { [REVISION]: revision } } }) as unknown as ReplicaSet;
  expect(nextRevision([])).toBe(1n);
  expect(nextRevision([replicaSet("3"), replicaSet("nonsense")])).toBe(4n);
  expect(nextRevision([replicaSet("3546343826724305832")])).toBe(3546343826724305833n);
});
