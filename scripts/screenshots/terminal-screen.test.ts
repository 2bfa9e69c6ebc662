import { describe, expect, it } from "vitest";
import { LiveProgress } from "#reporting/console/live-progress.ts";
import { TerminalScreen } from "./terminal-screen.ts";

describe("TerminalScreen", () => {
  it("shows what the panel of a run leaves on a terminal: its notes, and the panel once", () => {
    const screen = new TerminalScreen();
    const progress = new LiveProgress({ write: (text) => screen.write(text), columns: 100 });
    const threshold = { metric: "forced-kills", operator: "=", limit: 0, text: "0" } as const;
    progress.phase("control", 1_000);
    progress.promises([{ threshold }]);
    progress.note("a pod left");
    progress.promises([{ threshold, soFar: 2 }]);
    progress.phase("disruption", 2_000);
    expect(screen.rows(10)).toEqual([
      "a pod left",
      "   2.0 s  disruption",
      "            Forced kills 0  2  broken so far",
    ]);
  });

  it("understands a control sequence that comes in two parts", () => {
    const screen = new TerminalScreen();
    for (const part of ["one\ntwo\r\u001b", "[1", "A\u001b[Jthree"]) screen.write(part);
    expect(screen.rows(10)).toEqual(["three"]);
  });
});
