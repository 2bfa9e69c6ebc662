import { describe, expect, it } from "vitest";
import { gatherClues } from "#advice/clues.ts";
import { ignoresSigterm } from "#advice/ending/ignores-sigterm.ts";
import type { HeldConnection } from "#domain/held-connection.ts";
import { ask } from "#test/support/ask-cause.ts";
import { aConnection } from "#test/support/builders.ts";
import { aFailure, aLeaving, aReport } from "#test/support/report-builders.ts";
import { cutsWebsockets } from "./cuts-websockets.ts";

/** Asked to go at 5,000 ms, SIGTERM at 6,000 ms, exit at 8,000 ms. */
const leaving = aLeaving({ sleepSeconds: 1, exit: { afterMs: 3_000 } });
const cutAt = (endedAtMs: number, fields: Partial<HeldConnection> = {}) =>
  aReport({
    leaving: [leaving],
    connections: [aConnection({ end: { type: "cut", by: "fin" }, endedAtMs, ...fields })],
    marks: [
      aFailure({ stream: "chat", seq: 7, atMs: endedAtMs, reason: "closed-before-response" }),
      aFailure({ stream: "visit", seq: 7, atMs: endedAtMs, reason: "connect-refused" }),
    ],
  });

describe("cutsWebsockets", () => {
  it("speaks of connections that a leaving pod dropped, and explains their messages alone", () => {
    const report = cutAt(6_100, { connectionId: 7 });
    const finding = cutsWebsockets(gatherClues(report));
    expect(finding?.advice.explanation).toContain("1 long-lived connection of 1 pod");
    expect(finding?.advice.explanation).toContain("up to 100 ms after SIGTERM");
    expect(finding?.explains.map(({ mark }) => mark.stream)).toEqual(["chat"]);
  });

  it("explains the kill of a pod to which the dropped clients came back, which did not ignore SIGTERM", () => {
    const exit = { exitCode: 137, reason: "Error", forced: true, afterMs: 30_050 };
    const killed = aLeaving({ sleepSeconds: 1, exit });
    const report = {
      ...cutAt(6_100),
      ...aReport({ leaving: [killed] }),
      connections: cutAt(6_100).connections ?? [],
    };
    const clues = gatherClues(report);
    expect(clues.kills).toHaveLength(1);
    expect(ask(ignoresSigterm, report)).toBeUndefined();
    const finding = cutsWebsockets(clues);
    expect(finding?.kills).toEqual(clues.kills);
    expect(finding?.advice.explanation).toContain(
      "Clients came back to 1 pod, which was then killed",
    );
    const kept = {
      ...report,
      connections: [aConnection({ end: { type: "cut", by: "fin" }, endedAtMs: 35_050 })],
    };
    expect(ask(ignoresSigterm, kept)?.cause).toBe("ignores-sigterm");
  });

  it("is silent on what SIGKILL ended when the grace was over, however late that is seen", () => {
    const exit = { exitCode: 137, reason: "Error", forced: true, afterMs: 12_000 };
    const report = { ...cutAt(15_010), ...aReport({ leaving: [aLeaving({ exit })] }) };
    const connections = cutAt(15_010).connections ?? [];
    expect(ask(cutsWebsockets, { ...report, connections })).toBeUndefined();
    expect(ask(ignoresSigterm, { ...report, connections })?.cause).toBe("ignores-sigterm");
  });

  it("is silent on what the exit itself ended, on other pods and on a close in order", () => {
    expect(ask(cutsWebsockets, cutAt(7_900))).toBeUndefined();
    expect(ask(cutsWebsockets, cutAt(6_100, { pod: "web-9" }))).toBeUndefined();
    expect(ask(cutsWebsockets, cutAt(3_000))).toBeUndefined();
    const end = { type: "closed", code: 1001 } as const;
    expect(ask(cutsWebsockets, cutAt(6_100, { end }))).toBeUndefined();
  });
});
