import { once } from "node:events";
import { mkdtemp } from "node:fs/promises";
import { join } from "node:path";
import { createInterface } from "node:readline";
import type { Readable, Writable } from "node:stream";
import { auditReading } from "#load/audit/audit-of-plan.ts";
import { type Baseline, readAudit, readBaseline } from "#load/audit/read-audit.ts";
import { describeFailure } from "#load/describe-failure.ts";
import { LoadProcess } from "#load/load-process.ts";
import { monotonicMs, runClock } from "#load/run-clock.ts";
import type { LoadPlan } from "#ports/load-driver.ts";
import { awaitEntrance } from "./await-entrance.ts";
import { encodeFrame } from "./frames.ts";
import { ledgerFiles } from "./ledger-names.ts";
import { LedgerTail } from "./ledger-tail.ts";
import type { WorkerCommand, WorkerReport } from "./worker-messages.ts";

/** Whoever wants the load asks for the time each second; after so much silence nobody does any more. */
const SILENCE_MS = 30_000;

interface WorkerStreams {
  readonly input: Readable;
  readonly output: Writable;
  /** A folder that may be written to. */
  readonly directory: string;
}

/**
 * One worker inside the cluster: takes commands, lets the load run in a process of its own as everywhere,
 * and passes its ledger on while it grows. Fulfilled when its input has ended and no load goes on.
 */
export async function serveWorker({ input, output, directory }: WorkerStreams): Promise<void> {
  const worker = new Worker(output, directory);
  // Whoever listened has gone; the end of the input says so too.
  output.on("error", () => input.destroy());
  const silence = setTimeout(() => input.destroy(), SILENCE_MS);
  try {
    for await (const line of createInterface({ input })) {
      silence.refresh();
      worker.take(JSON.parse(line) as WorkerCommand); // of our own version
    }
  } catch (error) {
    if (!input.destroyed) throw error;
  } finally {
    clearTimeout(silence);
    await worker.end();
  }
}

class Worker {
  readonly #output: Writable;
  readonly #directory: string;
  #prepared: PreparedWork | undefined;

  constructor(output: Writable, directory: string) {
    this.#output = output;
    this.#directory = directory;
  }

  /** Commands do not wait for each other: the time is told also while the load drains. */
  take(command: WorkerCommand): void {
    this.#perform(command).catch((error: unknown) =>
      this.#tell({ type: "failed", failure: describeFailure(error) }),
    );
  }

  async end(): Promise<void> {
    await this.#prepared?.load.abort();
  }

  async #perform(command: WorkerCommand): Promise<void> {
    switch (command.type) {
      case "ping":
        return await this.#tell({ type: "pong", id: command.id, atMs: monotonicMs() });
      case "prepare":
        return await this.#prepare(command);
      case "begin":
        await this.#work.load.begin(command.atMs);
        return await this.#tell({ type: "started" });
      case "stop":
        return await this.#stop(command.atMs);
      case "audit":
        return await this.#audit(command.acknowledged);
    }
  }

  async #prepare(command: Extract<WorkerCommand, { type: "prepare" }>): Promise<void> {
    const { zeroMs, audits } = command;
    const directory = await mkdtemp(join(this.#directory, "ledger-"));
    const plan = { ...command.plan, directory };
    await awaitEntrance(plan);
    const reading = auditReading(plan, runClock(zeroMs));
    const baseline = audits ? await readBaseline(reading) : undefined;
    const load = new LoadProcess(plan, zeroMs);
    const tail = new LedgerTail(directory, ledgerFiles(plan.streams), (name, part) =>
      this.#tell({ type: "file", name }, part),
    );
    this.#prepared = { plan, zeroMs, load, tail, baseline };
    load.onProgress((progress) => {
      void this.#tell({ type: "progress", progress });
      tail
        .catchUp()
        .catch((error: unknown) => this.#tell({ type: "failed", failure: describeFailure(error) }));
    });
    await load.prepared;
    await this.#tell({ type: "prepared" });
  }

  async #stop(atMs: number): Promise<void> {
    const { load, tail } = this.#work;
    const result = await load.stop(atMs);
    await tail.catchUp();
    await this.#tell({ type: "result", result, sizes: tail.sizes });
  }

  async #audit(acknowledged: readonly string[]): Promise<void> {
    const { plan, zeroMs, baseline } = this.#work;
    const reading = auditReading(plan, runClock(zeroMs));
    const audit = await readAudit(reading, baseline ?? new Map(), () => acknowledged);
    await this.#tell({ type: "audit", audit });
  }

  get #work(): PreparedWork {
    if (this.#prepared === undefined) throw new TypeError("A worker was not told its plan first.");
    return this.#prepared;
  }

  /** Frames are written whole; fulfilled when the next one may be. */
  async #tell(report: WorkerReport, content?: Buffer): Promise<void> {
    if (this.#output.destroyed) return;
    const frame = encodeFrame(report, content);
    if (!this.#output.write(frame)) await once(this.#output, "drain");
  }
}

interface PreparedWork {
  readonly plan: LoadPlan;
  readonly zeroMs: number;
  readonly load: LoadProcess;
  readonly tail: LedgerTail;
  readonly baseline: Baseline | undefined;
}
