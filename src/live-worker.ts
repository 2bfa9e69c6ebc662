import { parentPort, workerData } from "node:worker_threads";
import { RunSoFar } from "#checkers/run-so-far.ts";
import { HarnessError } from "#domain/errors.ts";
import { FollowedFolder } from "#history/follow-run.ts";
import type { Progress } from "#ports/progress.ts";
import type { RunFollower } from "#ports/run-follower.ts";
import { type FollowedRun, serveLive } from "#reporting/live/serve-live.ts";
import { stepBehindTheRun } from "#reporting/live/step-behind-the-run.ts";

/*
 * The thread of the live page. What it costs to read, draw and serve is paid here, and not in the thread that
 * stamps the observations.
 */

/** What this thread is told. */
export type LiveCommand =
  | { readonly type: "follow"; readonly scenario: string }
  | { readonly type: "progress"; readonly run: number; readonly told: Told }
  | {
      readonly type: "finish";
      readonly run: number;
      readonly report: Parameters<FollowedRun["finish"]>[0];
    }
  | { readonly type: "stop" };

/** One call of a `Progress`: its name and what it was given. */
export type Told = {
  [Name in keyof Progress]: readonly [name: Name, ...given: Parameters<Progress[Name]>];
}[keyof Progress];

/** What it answers: the first says where the page is, or why it is nowhere. */
export type LiveAnswer =
  | { readonly type: "serving"; readonly url: string }
  | { readonly type: "failed"; readonly code: string; readonly message: string; hint: string };

function followFolder(directory: string): RunFollower {
  const folder = new FollowedFolder(directory);
  const soFar = new RunSoFar(folder.header);
  return {
    readOn(phases, nowMs) {
      soFar.seePhases(phases, nowMs);
      folder.readOn(soFar);
      return soFar.draw();
    },
    close: () => folder.close(),
  };
}

async function serve(port: number): Promise<void> {
  const tell = (answer: LiveAnswer) => parentPort?.postMessage(answer);
  try {
    const view = await serveLive(port, followFolder);
    const runs: FollowedRun[] = [];
    parentPort?.on("message", async (command: LiveCommand) => {
      if (command.type === "follow") runs.push(view.follow(command.scenario));
      if (command.type === "progress") pass(runs[command.run]?.progress, command.told);
      if (command.type === "finish") runs[command.run]?.finish(command.report);
      if (command.type !== "stop") return;
      await view.stop();
      parentPort?.close();
    });
    tell({ type: "serving", url: view.url });
  } catch (error) {
    if (!(error instanceof HarnessError)) throw error;
    const { code, message, hint } = error;
    tell({ type: "failed", code, message, hint });
  }
}

function pass(progress: Progress | undefined, [name, ...given]: Told): void {
  const take = progress?.[name] as ((...given: readonly unknown[]) => void) | undefined;
  take?.apply(progress, given);
}

stepBehindTheRun();
await serve(workerData as number);
