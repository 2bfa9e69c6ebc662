import { HarnessError, messageOf } from "#domain/errors.ts";
import type { LoadShare, LoadWorker } from "#domain/load-worker.ts";
import type { Audit } from "#domain/transaction.ts";
import type { Clock } from "#ports/clock.ts";
import type { ContainerSession } from "#ports/cluster-objects.ts";
import type { LoadPlan, LoadProgress, LoadResult } from "#ports/load-driver.ts";
import { type Alignment, alignClock, boundBetween } from "./align-clock.ts";
import { type Frame, FrameReader } from "./frames.ts";
import { ledgerFiles } from "./ledger-names.ts";
import { ReceivedFiles } from "./received-files.ts";
import type { WorkerCommand, WorkerReport } from "./worker-messages.ts";

/** A worker is asked for its time so often, and tells its progress more often still. */
const PING_EVERY_MS = 1_000;
/** After so much silence its node is gone, or the way to it. */
const SILENCE_MS = 15_000;
/** Its program may have to wait for a busy node before it says a word. */
const START_MS = 60_000;
/** What a worker may take for the end beyond the drain itself. */
const END_SPARE_MS = 30_000;

interface RemoteWorkerOptions {
  readonly name: string;
  readonly share: LoadShare;
  readonly plan: LoadPlan;
  /** Where its files go on this machine. */
  readonly directory: string;
  /** The run's time. */
  readonly clock: Pick<Clock, "nowMs">;
}

type Waiting = PromiseWithResolvers<WorkerReport>;

/** The near side of one worker. Once it is lost it stays lost, and what came until then is kept. */
export class RemoteWorker {
  readonly share: LoadShare;
  readonly #options: RemoteWorkerOptions;
  readonly #frames = new FrameReader();
  readonly #files: ReceivedFiles;
  readonly #waiting = new Map<string, Waiting>();
  readonly #timer: NodeJS.Timeout;
  #session: ContainerSession | undefined;
  #alignments: [Alignment, Alignment] | undefined;
  #heardAtMs: number;
  #patienceMs = START_MS;
  #pings = 0;
  #lost: string | undefined;
  #done = false;
  onProgress: (progress: readonly LoadProgress[]) => void = () => undefined;

  constructor(options: RemoteWorkerOptions) {
    this.share = options.share;
    this.#options = options;
    this.#files = new ReceivedFiles(options.directory, ledgerFiles(options.plan.streams));
    this.#heardAtMs = options.clock.nowMs();
    this.#timer = setInterval(() => this.#look(), PING_EVERY_MS);
  }

  get lost(): string | undefined {
    return this.#lost;
  }

  /** What the history says of it. */
  get account(): LoadWorker {
    const [first, last] = this.#alignments ?? [];
    const clockBoundMs = first && last ? boundBetween(first, last) : Number.POSITIVE_INFINITY;
    const lost = this.#lost;
    return { name: this.#options.name, clockBoundMs, ...(lost !== undefined && { lost }) };
  }

  /** What the worker says is taken from here on. */
  hear(chunk: Buffer): void {
    this.#heardAtMs = this.#options.clock.nowMs();
    this.#patienceMs = SILENCE_MS;
    if (this.#lost !== undefined) return;
    try {
      for (const frame of this.#frames.push(chunk)) this.#take(frame);
    } catch (error) {
      this.#lose(messageOf(error));
    }
  }

  talkOver(session: ContainerSession): void {
    this.#session = session;
    this.#heardAtMs = this.#options.clock.nowMs();
    void session.ended.then((how) => this.#lose(how));
  }

  /** Aligns the clocks and lets it make ready; throws what keeps it from that. */
  async prepare(audits: boolean): Promise<void> {
    const alignment = await this.#align();
    this.#alignments = [alignment, alignment];
    const { plan, share } = this.#options;
    const command = { type: "prepare", plan: { ...plan, share }, audits } as const;
    await this.#ask({ ...command, zeroMs: alignment.zeroMs }, "prepared");
  }

  async begin(atMs: number): Promise<void> {
    await this.#ask({ type: "begin", atMs }, "started");
  }

  /** Never throws: without a result it is lost. */
  async stop(atMs: number): Promise<LoadResult | undefined> {
    const withinMs = this.#options.plan.drainMs + END_SPARE_MS;
    const late = setTimeout(() => this.#lose("it did not come to its end"), withinMs);
    try {
      const answer = await this.#ask({ type: "stop", atMs }, "result");
      if (answer.type !== "result") return undefined;
      await this.#files.settled();
      const short = this.#files.shortOf(answer.sizes);
      if (short !== undefined) this.#lose(short);
      const [first] = this.#alignments ?? [];
      if (first !== undefined) this.#alignments = [first, await this.#align()];
      return answer.result;
    } catch {
      return undefined; // it is lost, and `lost` says why
    } finally {
      clearTimeout(late);
    }
  }

  async audit(acknowledged: readonly string[]): Promise<Audit | undefined> {
    try {
      const answer = await this.#ask({ type: "audit", acknowledged }, "audit");
      return answer.type === "audit" ? answer.audit : undefined;
    } catch {
      return undefined; // it is lost, and `lost` says why
    }
  }

  /** Ends the conversation, and with it the worker. */
  async close(): Promise<void> {
    this.#done = true;
    clearInterval(this.#timer);
    this.#session?.close();
    await this.#files.settled().catch((error: unknown) => {
      this.#lost ??= `its ledger could not be written: ${error}`;
    });
  }

  #align(): Promise<Alignment> {
    return alignClock(() => this.#readClock(), this.#options.clock);
  }

  async #readClock(): Promise<number> {
    const id = this.#pings++;
    const answer = await this.#ask({ type: "ping", id }, `pong ${id}`);
    return answer.type === "pong" ? answer.atMs : Number.NaN;
  }

  #ask(command: WorkerCommand, answer: string): Promise<WorkerReport> {
    const waiting: Waiting = Promise.withResolvers();
    this.#waiting.set(answer, waiting);
    if (this.#lost === undefined) this.#session?.send(`${JSON.stringify(command)}\n`);
    else waiting.reject(this.#lostError(this.#lost));
    return waiting.promise;
  }

  #take({ report, content }: Frame): void {
    switch (report.type) {
      case "progress":
        this.onProgress(report.progress);
        return;
      case "file":
        this.#files.append(report.name, content);
        return;
      case "failed": {
        const { code, message, hint } = report.failure;
        this.#lose(message, new HarnessError(code, message, { hint }));
        return;
      }
      case "pong":
        this.#answer(`pong ${report.id}`, report);
        return;
      case "prepared":
      case "started":
      case "result":
      case "audit":
        this.#answer(report.type, report);
        return;
    }
  }

  #answer(key: string, report: WorkerReport): void {
    this.#waiting.get(key)?.resolve(report);
    this.#waiting.delete(key);
  }

  #look(): void {
    const silentMs = this.#options.clock.nowMs() - this.#heardAtMs;
    if (silentMs > this.#patienceMs)
      this.#lose(`nothing was heard of it for ${this.#patienceMs / 1000} s`);
    else if (this.#session !== undefined) this.#readClock().catch(() => undefined); // lost says why
  }

  #lose(why: string, error = this.#lostError(why)): void {
    if (this.#done || this.#lost !== undefined) return;
    const seconds = (this.#options.clock.nowMs() / 1000).toFixed(1);
    this.#lost = `${why.replace(/\.$/, "")} (at ${seconds} s of the run).`;
    for (const { promise, reject } of this.#waiting.values()) {
      promise.catch(() => undefined);
      reject(error);
    }
    this.#waiting.clear();
  }

  #lostError(why: string): HarnessError {
    return new HarnessError("LOAD_WORKER_LOST", `The ${this.#options.name} was lost: ${why}`, {
      hint: "Look at its pod and node: it may have been evicted, or its node have no room for it.",
    });
  }
}
