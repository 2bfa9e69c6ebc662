import { describe, expect, it } from "vitest";
import type { Catch } from "./catches.ts";
import type { CatchOutcome } from "./run-catch.ts";
import { runCatches } from "./run-catches.ts";

const named = (name: string) => ({ name }) as Catch; // runCatches looks at nothing else
const CATCHES = ["a", "b", "c", "d"].map(named);

function anOutcome(name: string, type: CatchOutcome["type"] = "caught"): CatchOutcome {
  return { name, type, objections: type === "void" ? ["too busy"] : [], seconds: 1 };
}

describe("runCatches", () => {
  it("runs as many side by side as there are jobs", async () => {
    let running = 0;
    let most = 0;
    const run = async ({ name }: Catch) => {
      running += 1;
      most = Math.max(most, running);
      await Promise.resolve();
      running -= 1;
      return anOutcome(name);
    };
    const told: string[] = [];
    const outcomes = await runCatches(CATCHES, {
      run,
      jobs: 2,
      onOutcome: (_, { name }) => told.push(name),
    });
    expect([most, told.toSorted()]).toEqual([2, ["a", "b", "c", "d"]]);
    expect(outcomes).toHaveLength(4);
  });

  it("repeats what proved nothing, once, after all others, and says why", async () => {
    const asked: string[] = [];
    const run = async ({ name }: Catch) => {
      asked.push(name);
      return anOutcome(name, name === "b" ? "void" : "caught");
    };
    const outcomes = await runCatches(CATCHES, { run, jobs: 1, onOutcome: () => {} });
    expect(asked).toEqual(["a", "b", "c", "d", "b"]);
    expect(outcomes.map(({ name }) => name)).toEqual(["a", "c", "d", "b"]);
    expect(outcomes.at(-1)).toMatchObject({ type: "void", repeatedFor: ["too busy"] });
  });

  it("begins no other after an error, and waits for the one beside it", async () => {
    const asked: string[] = [];
    let ended = false;
    const run = async ({ name }: Catch) => {
      asked.push(name);
      if (name === "a") throw new TypeError("a bug");
      await new Promise((resolve) => setTimeout(resolve, 20));
      ended = true;
      return anOutcome(name);
    };
    const plan = { run, jobs: 2, onOutcome: () => {} };
    await expect(runCatches(CATCHES, plan)).rejects.toThrow("a bug");
    expect([asked, ended]).toEqual([["a", "b"], true]);
  });
});
