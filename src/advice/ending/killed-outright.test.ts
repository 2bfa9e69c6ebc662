import { describe, expect, it } from "vitest";
import { gatherClues } from "#advice/clues.ts";
import { ask, faulty } from "#test/support/ask-cause.ts";
import { aFailure, aLeaving, aReport } from "#test/support/report-builders.ts";
import { killedOutright } from "./killed-outright.ts";

const SIGKILLED = aLeaving({
  exit: { exitCode: 137, reason: "Error", afterMs: 300 },
  termination: { killedOutright: "SIGKILL", comesBack: true },
});
const marks = [aFailure({ atMs: 5_050, reason: "reset-before-response", pod: "web-1" })];

describe("killedOutright", () => {
  it("names the signal of the run itself, whatever the exit code looks like", () => {
    expect(ask(killedOutright, faulty("killed-outright"))?.explanation).toMatch(
      /^1 pod of 1 ended because this run sent SIGKILL to the container.*1 request met that\.$/,
    );
  });

  it("names the machine that was taken away", () => {
    const leaving = [aLeaving({ termination: { killedOutright: "machine-lost" } })];
    expect(ask(killedOutright, aReport({ leaving, marks }))?.explanation).toContain(
      "took away the node's machine",
    );
  });

  it("is silent when nothing was lost, or when somebody else killed the pod", () => {
    expect(ask(killedOutright, aReport({ leaving: [SIGKILLED] }))).toBeUndefined();
    const stranger = aLeaving({ exit: { exitCode: 137, reason: "Error", afterMs: 300 } });
    expect(ask(killedOutright, aReport({ leaving: [stranger], marks }))).toBeUndefined();
  });
});

describe("gatherClues", () => {
  it("infers no SIGTERM for a pod that was never sent one", () => {
    const { termination } = SIGKILLED;
    const { leavings } = gatherClues({ ...aReport(), terminations: [termination], lanes: [] });
    expect(leavings.map(({ sigtermAtMs }) => sigtermAtMs)).toEqual([undefined]);
  });
});
