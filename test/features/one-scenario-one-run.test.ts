import { join } from "node:path";
import { beforeEach, describe, expect, it, vi } from "vitest";

/*
 * The world and its hooks with a harness that only counts: what a scenario may ask of one run.
 */
type After = (
  this: unknown,
  parameter: { readonly result: { readonly status: string } },
) => unknown;
const cucumber = vi.hoisted(() => ({ after: undefined as After | undefined }));
const harness = vi.hoisted(() => ({
  started: 0,
  disturbed: 0,
  shown: 0,
  watched: 0,
  pushFails: false,
  indexed: "",
  stopped: 0,
}));

vi.mock("@cucumber/cucumber", () => ({
  World: class {
    readonly attach: () => void;
    readonly parameters: object;
    constructor(options: { readonly attach: () => void; readonly parameters: object }) {
      this.attach = options.attach;
      this.parameters = options.parameters;
    }
  },
  Status: { PASSED: "PASSED" },
  setWorldConstructor: () => undefined,
  setDefaultTimeout: () => undefined,
  AfterAll: () => undefined,
  Before: () => undefined,
  After: (hook: After) => {
    cucumber.after = hook;
  },
}));

vi.mock("#harness.ts", () => ({
  supplyClusters: () => ({}),
  startRun: async () => {
    harness.started += 1;
    return {
      run: {
        disruptUnderLoad: async () => {
          harness.disturbed += 1;
          return "reports/a-run";
        },
      },
      stop: async () => {
        harness.stopped += 1;
      },
    };
  },
}));

vi.mock("#watchers.ts", () => ({
  openWatchers: async () => ({
    follow: () => ({
      progress: {},
      finish: async () => {
        harness.watched += 1;
        if (harness.pushFails) throw new Error("no Pushgateway");
      },
    }),
  }),
}));

vi.mock("#recorded-runs.ts", () => ({
  judgeRun: async () => ({ verdict: "pass", closing: { phases: [] } }),
  describeReport: () => "pass",
  attachmentsOf: () => [
    { body: "<svg/>", mediaType: "image/svg+xml", fileName: "run.svg" },
    { body: "seq\n", mediaType: "text/csv", fileName: "failed.csv" },
  ],
  showInJobSummary: async () => {
    harness.shown += 1;
  },
  annotateJob: () => undefined,
  indexRuns: async (reportsDir: string) => {
    harness.indexed = reportsDir;
  },
}));

vi.mock("#domain/run-duration.ts", () => ({ describeDuration: () => "" }));

const { HarnessWorld } = await import("../../features/support/world.ts");
await import("../../features/support/hooks.ts");

const attached: (string | Buffer)[] = [];
async function aWorld(parameters: object = {}) {
  const world = new HarnessWorld({
    attach: (body: string | Buffer) => {
      attached.push(body);
    },
    log: () => undefined,
    link: () => undefined,
    parameters: { scenario: join(import.meta.dirname, "../../scenarios/shop"), ...parameters },
  } as never); // what the world reads of it
  const text = { feature: "", scenario: "", file: "a.feature", line: 1, steps: [] };
  await world.prepare({ promises: [], text });
  return world;
}
const nothing = { disruptionsOf: () => [{ type: "none", durationMs: 0 } as const] };
const table = { raw: () => [["forced kills", "0"]] } as never; // as above
const end = async (world: object, status: string) =>
  await cucumber.after?.call(world, { result: { status } });

beforeEach(() => {
  Object.assign(harness, {
    started: 0,
    disturbed: 0,
    shown: 0,
    watched: 0,
    pushFails: false,
    indexed: "",
    stopped: 0,
  });
  attached.length = 0;
});

describe("a scenario is one run", () => {
  it("refuses a second Given before a second cluster is started", async () => {
    const world = await aWorld();
    await world.startWorkload(2);
    await expect(world.startWorkload(3)).rejects.toMatchObject({
      code: "SECOND_WORKLOAD",
      hint: expect.stringContaining("scenario of its own"),
    });
    expect(harness.started).toBe(1);
  });

  it("refuses a second When before anything is disturbed again", async () => {
    const world = await aWorld();
    await world.disruptUnderLoad(nothing);
    await expect(world.disruptUnderLoad(nothing)).rejects.toMatchObject({
      code: "SECOND_DISRUPTION",
      hint: expect.stringContaining("scenario of its own"),
    });
    expect(harness.disturbed).toBe(1);
  });

  it("fails when its run was never judged, and ends what was started all the same", async () => {
    const world = await aWorld();
    await world.disruptUnderLoad(nothing);
    await expect(end(world, "PASSED")).rejects.toMatchObject({
      code: "NOT_JUDGED",
      hint: expect.stringContaining("Then the monitored metrics should satisfy:"),
    });
    expect(harness.stopped).toBe(1);
  });

  it("is left as it is when it was judged, has failed already, or made no run", async () => {
    const judged = await aWorld();
    await judged.disruptUnderLoad(nothing);
    await judged.judge(table);
    await end(judged, "PASSED");
    expect(harness.shown).toBe(1);
    expect(harness.indexed).toBe("reports");
    expect(harness.watched).toBe(1);
    const failed = await aWorld();
    await failed.disruptUnderLoad(nothing);
    await end(failed, "FAILED");
    await end(await aWorld(), "PASSED");
    expect(harness.stopped).toBe(2);
  });
});

describe("cucumber's own report", () => {
  it("holds the picture of a run as bytes, and its failed requests as text", async () => {
    const world = await aWorld();
    await world.disruptUnderLoad(nothing);
    await world.judge(table);
    expect(attached).toContainEqual(Buffer.from("<svg/>"));
    expect(attached).toContain("seq\n");
  });
});

describe("a verdict that could not be pushed", () => {
  it("is told all the same, to people and to the command line, before the push is", async () => {
    const world = await aWorld();
    await world.disruptUnderLoad(nothing);
    harness.pushFails = true;
    await expect(world.judge(table)).rejects.toThrow("no Pushgateway");
    expect(attached.at(-1)).toBe('{"verdict":"pass","directory":"reports/a-run"}');
    expect(harness.indexed).toBe("reports");
  });
});

describe("a plan refuses what the run would refuse", () => {
  const aPlan = () => aWorld({ dryRun: "quietly" });

  it("a second workload, and a second disruption", async () => {
    const world = await aPlan();
    await world.startWorkload(2);
    await expect(world.startWorkload(3)).rejects.toMatchObject({ code: "SECOND_WORKLOAD" });
    await world.disruptUnderLoad(nothing);
    await expect(world.disruptUnderLoad(nothing)).rejects.toMatchObject({
      code: "SECOND_DISRUPTION",
    });
  });

  it("a judgement of nothing", async () => {
    const world = await aPlan();
    await expect(world.judge(table)).rejects.toMatchObject({ code: "NO_RUN" });
    await world.startWorkload(2);
    await expect(world.judge(table)).rejects.toMatchObject({ code: "NO_RUN" });
  });

  it("a disruption that nobody judges", async () => {
    const world = await aPlan();
    await world.disruptUnderLoad(nothing);
    await expect(end(world, "PASSED")).rejects.toMatchObject({ code: "NOT_JUDGED" });
    expect(await world.judge(table)).toBe("skipped");
    expect(harness.started).toBe(0);
  });
});
