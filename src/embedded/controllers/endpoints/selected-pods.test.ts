import { describe, expect, it } from "vitest";
import type { Pod } from "#embedded/api/objects.ts";
import { aPod, secondsAgo } from "#embedded/controllers/testing/builders.ts";
import { ifConcernsEndpoints } from "./selected-pods.ts";

const concerns = (before: Pod, pod: Pod) =>
  ifConcernsEndpoints({ type: "MODIFIED", object: pod, previous: before }) !== undefined;

const version = (resourceVersion: string) => ({ resourceVersion });

describe("a change of a pod", () => {
  const running = aPod("a", { metadata: version("1") });

  it("concerns its endpoints when its labels, readiness or addresses change", () => {
    const labelled = aPod("a", { metadata: { ...version("2"), labels: { app: "other" } } });
    expect(concerns(running, labelled)).toBe(true);
    expect(concerns(running, aPod("a", { metadata: version("2"), ready: false }))).toBe(true);
    const moved = aPod("a", { metadata: version("2"), status: { podIPs: [{ ip: "127.1.0.2" }] } });
    expect(concerns(running, moved)).toBe(true);
  });

  it("does not when only its phase does, unless it is being deleted", () => {
    const succeeded = { status: { phase: "Succeeded" as const } };
    expect(concerns(running, aPod("a", { metadata: version("2"), ...succeeded }))).toBe(false);
    const deletionTimestamp = secondsAgo(-5);
    const leaving = aPod("a", { metadata: { ...version("2"), deletionTimestamp } });
    expect(concerns(running, leaving)).toBe(true);
    const ended = aPod("a", { metadata: { ...version("3"), deletionTimestamp }, ...succeeded });
    expect(concerns(leaving, ended)).toBe(true);
  });

  it("does when we made it ourselves, for what it changed is known already", () => {
    expect(concerns(running, running)).toBe(true);
  });
});
