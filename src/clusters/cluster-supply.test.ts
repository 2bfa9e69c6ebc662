import { describe, expect, it } from "vitest";
import type { Scenario } from "#domain/scenario.ts";
import { clusterSupply } from "./cluster-supply.ts";
import { ManualClock } from "./kubernetes/testing/manual-clock.ts";

const supply = (choice: string, settings = {}) =>
  clusterSupply(choice, settings, new ManualClock());

describe("clusterSupply", () => {
  it.each(["", "kin", "kind:", "context:", "embedded:x", "in-cluster:x", "contexts:ci"])(
    "does not know a cluster %j, and lists what there is",
    (choice) => {
      expect(() => supply(choice)).toThrow(
        expect.objectContaining({
          code: "UNKNOWN_CLUSTER",
          hint: expect.stringMatching(/embedded, kind .*kind:NAME .*context:NAME .*in-cluster/),
        }),
      );
    },
  );

  it.each(["embedded", "kind", "kind:ci", "context:eks:eu/ci", "in-cluster"])(
    "knows %j",
    (choice) => {
      expect(() => supply(choice)).not.toThrow();
    },
  );

  it("refuses settings that would change nothing", () => {
    expect(() => supply("kind:ci", { kind: { keep: true }, nodes: 2 })).toThrow(
      "--keep, --nodes cannot shape the cluster kind:ci.",
    );
    expect(() => supply("embedded", { kind: { image: "kindest/node:v1.36.1" } })).toThrow(
      "--kind-image cannot shape the cluster embedded.",
    );
    expect(() => supply("embedded", { nodes: 2, kind: {} })).not.toThrow();
  });

  it("has a context of the kubeconfig end with the run that uses it, and closes nothing more", async () => {
    const contexts = supply("context:nowhere");
    const asking = { tell: () => undefined, signal: AbortSignal.abort(new Error("Ctrl-C")) };
    const none = { images: [], objects: [] } as unknown as Scenario; // a context looks at nothing of it
    await expect(contexts.open(none, asking)).rejects.toBeInstanceOf(Error);
    await expect(contexts.close(asking.tell)).resolves.toBeUndefined();
  });
});
