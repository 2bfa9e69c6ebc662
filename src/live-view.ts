import { once } from "node:events";
import { fileURLToPath } from "node:url";
import { Worker } from "node:worker_threads";
import { HarnessError, messageOf } from "#domain/errors.ts";
import type { Progress } from "#ports/progress.ts";
import type { LiveView } from "#reporting/live/serve-live.ts";
import type { LiveAnswer, LiveCommand, Told } from "./live-worker.ts";

/**
 * The live page, served by a thread of its own: this one only says what has happened. Rejects when the page cannot
 * be served; should its thread break later, the runs go on, and `stop` says so.
 */
export async function openLiveView(port: number): Promise<LiveView> {
  const worker = new Worker(fileURLToPath(import.meta.resolve("#live-worker.ts")), {
    workerData: port,
  });
  let broken: unknown;
  worker.on("error", (error) => {
    broken = error;
  });
  const exited = new Promise<undefined>((resolve) => worker.once("exit", () => resolve(undefined)));
  const answer = await Promise.race([firstAnswer(worker), exited]);
  if (answer === undefined) throw brokenView("its thread has ended before it answered");
  if (answer.type !== "serving") {
    await worker.terminate();
    throw new HarnessError(answer.code, answer.message, { hint: answer.hint });
  }
  const tell = (command: LiveCommand) => worker.postMessage(command);
  let runs = 0;
  return {
    url: answer.url,
    follow: (scenario) => {
      tell({ type: "follow", scenario });
      const run = runs++;
      return {
        progress: tellingProgress((told) => tell({ type: "progress", run, told })),
        finish: (report) => tell({ type: "finish", run, report }),
      };
    },
    stop: async () => {
      tell({ type: "stop" });
      await exited;
      if (broken !== undefined) throw brokenView(broken);
    },
  };
}

async function firstAnswer(worker: Worker): Promise<LiveAnswer> {
  try {
    const [answer] = await once(worker, "message");
    return answer;
  } catch (cause) {
    throw brokenView(cause);
  }
}

function tellingProgress(tell: (told: Told) => void): Progress {
  return {
    recording: (directory) => tell(["recording", directory]),
    phase: (name, atMs) => tell(["phase", name, atMs]),
    note: (text) => tell(["note", text]),
    load: (progress, atMs) => tell(["load", progress, atMs]),
    pods: (states) => tell(["pods", states]),
    disruption: (disruption) => tell(["disruption", disruption]),
    promises: (standings) => tell(["promises", standings]),
  };
}

function brokenView(cause: unknown): HarnessError {
  return new HarnessError("LIVE_VIEW_BROKE", `The live page has ended early: ${messageOf(cause)}`, {
    hint: "What runs had ended is judged and reported. Please report what the page was showing; without --ui runs need no page.",
    cause,
  });
}
