import { describe, expect, it } from "vitest";
import { aPod, endpointsAt, seen } from "#test/support/builders.ts";
import type { Observation, PodSnapshot } from "./observation.ts";
import { rebuildTerminations } from "./rebuild-terminations.ts";

const RUNNING = { name: "app", ready: true, restartCount: 0, state: "running" } as const;
const pod = (fields: Partial<PodSnapshot> = {}) =>
  aPod({ name: "web-1", node: "node-1", containers: [RUNNING], ...fields });

function action(verb: string, object: string, result: string): Observation {
  return { type: "action", atMs: 2_000, answeredAtMs: 5_000, verb, object, result };
}

/** Its kubelet ended it and nobody has deleted it. */
const ended = pod({
  phase: "Failed",
  ready: false,
  containers: [{ ...RUNNING, state: "terminated", exitCode: 1, reason: "Error", ready: false }],
});

describe("what ends with a machine", () => {
  const off = action("shut-down", "node/node-1", "off");

  it("leaves when the shutdown is asked for, and is gone when its kubelet has said how it ended", () => {
    const found = rebuildTerminations([
      seen(1_000, pod(), "added"),
      endpointsAt(1_000, { "web-1": "ready" }),
      off,
      endpointsAt(2_100, { "web-1": "not-ready" }),
      seen(3_000, ended),
    ]);
    expect(found).toEqual([
      expect.objectContaining({
        pod: "web-1",
        deletionRequestedAtMs: 2_000,
        t0UncertaintyMs: 0,
        endpointNotReadyAtMs: 2_100,
        exitedAtMs: 3_000,
        exits: [expect.objectContaining({ exitCode: 1, forced: false })],
        goneAtMs: 3_000,
      }),
    ]);
  });

  it("is gone when the machine is off where no kubelet says anything", () => {
    const [found] = rebuildTerminations([seen(1_000, pod(), "added"), off]);
    expect(found).toMatchObject({ exits: [], goneAtMs: 5_000 });
    expect(found?.exitedAtMs).toBeUndefined();
  });

  it("is lost with it, and does not leave again when it is given up", () => {
    const lost = action("lose", "node/node-1", "lost");
    const deleted = pod({ deletionTimestamp: "2026-11-24T10:01:00Z" });
    const found = rebuildTerminations([seen(1_000, pod(), "added"), lost, seen(60_000, deleted)]);
    expect(found).toMatchObject([
      {
        deletionRequestedAtMs: 2_000,
        exits: [],
        goneAtMs: 5_000,
        killedOutright: "machine-lost",
      },
    ]);
  });

  it("leaves once more when it is deleted after it has come back with its machine", () => {
    const lost = action("lose", "node/node-1", "lost");
    const on = { ...lost, verb: "turn-on", atMs: 30_000, answeredAtMs: 31_000 } as Observation;
    const deleted = pod({ deletionTimestamp: "2026-11-24T10:01:00Z" });
    const from = (...rest: readonly Observation[]) =>
      rebuildTerminations([seen(1_000, pod(), "added"), lost, ...rest]).map(
        ({ deletionRequestedAtMs }) => deletionRequestedAtMs,
      );
    expect(from(on, seen(60_000, deleted))).toEqual([2_000, 60_000]);
    expect(from(seen(20_000, deleted), on)).toEqual([2_000]);
    // What had ended with it is removed by whoever turns it on.
    expect(from(on, seen(31_500, { ...deleted, phase: "Failed" }))).toEqual([2_000]);
  });

  it("is what was there and ran: no pod of another node, and none that was leaving", () => {
    const elsewhere = pod({ node: "node-2" });
    const leaving = pod({ deletionTimestamp: "2026-11-24T10:00:00Z" });
    expect(rebuildTerminations([seen(1_000, elsewhere, "added"), off])).toEqual([]);
    expect(rebuildTerminations([seen(1_000, leaving, "added"), off])).toMatchObject([
      { deletionRequestedAtMs: 1_000 },
    ]);
    const failed = action("shut-down", "node/node-1", "NO_MACHINE_ACCESS");
    expect(rebuildTerminations([seen(1_000, pod(), "added"), failed])).toEqual([]);
  });
});

describe("a container that a signal ends", () => {
  const sent = action("signal", "pod/web-1", "sent SIGTERM to app");

  it("leaves at the signal and is gone at its exit; the pod leaves once more when it is deleted", () => {
    const previousExit = { exitCode: 143, reason: "Error" };
    const again = pod({ containers: [{ ...RUNNING, restartCount: 1, previousExit }] });
    const deleted = pod({ ...again, deletionTimestamp: "2026-11-24T10:01:00Z" });
    const found = rebuildTerminations([
      seen(1_000, pod(), "added"),
      sent,
      seen(2_500, again),
      seen(9_000, deleted),
    ]);
    expect(found).toMatchObject([
      {
        deletionRequestedAtMs: 2_000,
        exits: [{ container: "app", exitCode: 143, reason: "Error", forced: false }],
        exitedAtMs: 2_500,
        goneAtMs: 2_500,
      },
      { deletionRequestedAtMs: 9_000 },
    ]);
  });

  it("says of SIGKILL that nobody was told before it", () => {
    const previousExit = { exitCode: 137, reason: "Error" };
    const again = pod({ containers: [{ ...RUNNING, restartCount: 1, previousExit }] });
    const found = (signal: string) =>
      rebuildTerminations([
        seen(1_000, pod(), "added"),
        action("signal", "pod/web-1", `sent ${signal} to app`),
        seen(2_500, again),
      ])[0];
    expect(found("SIGKILL")).toHaveProperty("killedOutright", "SIGKILL");
    expect(found("SIGTERM")).not.toHaveProperty("killedOutright");
  });

  it("is told by its state too, before it is started again", () => {
    const down = { ...RUNNING, state: "terminated", exitCode: 0, reason: "Completed" } as const;
    const found = rebuildTerminations([
      seen(1_000, pod(), "added"),
      sent,
      seen(2_300, pod({ containers: [down] })),
    ]);
    expect(found).toMatchObject([{ exitedAtMs: 2_300, exits: [{ exitCode: 0 }] }]);
  });

  it("that ignores the signal has not left", () => {
    expect(rebuildTerminations([seen(1_000, pod(), "added"), sent, seen(9_000, pod())])).toEqual(
      [],
    );
  });

  it("is not credited with the exit of a deletion that came later", () => {
    const deleted = pod({ deletionTimestamp: "2026-11-24T10:01:00Z" });
    const exited = { ...RUNNING, state: "terminated", exitCode: 0, reason: "Completed" } as const;
    const found = rebuildTerminations([
      seen(1_000, pod(), "added"),
      sent,
      seen(9_000, deleted),
      seen(9_500, pod({ ...deleted, containers: [exited] })),
    ]);
    expect(found).toMatchObject([{ deletionRequestedAtMs: 9_000 }]);
  });
});
