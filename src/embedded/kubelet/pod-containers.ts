import { rmSync } from "node:fs";
import { join } from "node:path";
import type { Container } from "#embedded/api/objects.ts";
import { ContainerLog } from "./container-log.ts";
import type { RunningContainer } from "./running-container.ts";
import type { ContainerInstance } from "./status/pod-view.ts";

/** Like the container garbage collection of a kubelet: the current instance and the one before it. */
const KEPT_INSTANCES = 2;

interface Record {
  readonly instance: ContainerInstance;
  readonly log: ContainerLog;
  readonly running: RunningContainer | undefined;
}

/** The containers of one pod as they are now; everything that changes them goes through here. */
export class PodContainers {
  readonly #logDirectory: string;
  readonly #onChange: () => void;
  readonly #records = new Map<string, readonly Record[]>();

  constructor(logDirectory: string, onChange: () => void) {
    this.#logDirectory = logDirectory;
    this.#onChange = onChange;
  }

  /** Newest first, by container name: a snapshot that later changes do not touch. */
  instances(): ReadonlyMap<string, readonly ContainerInstance[]> {
    return new Map(
      [...this.#records].map(([name, records]) => [name, records.map(({ instance }) => instance)]),
    );
  }

  /** The newest instance, also when it has ended: a command in it then fails as it should. */
  newest(name: string): RunningContainer | undefined {
    return this.#records.get(name)?.[0]?.running;
  }

  allRunning(): readonly RunningContainer[] {
    return [...this.#records.values()].flatMap(([record]) =>
      record?.instance.state.type === "running" ? (record.running ?? []) : [],
    );
  }

  nextRestartCount(name: string): number {
    const current = this.#records.get(name)?.[0];
    return current === undefined ? 0 : current.instance.restartCount + 1;
  }

  openLog(name: string, restartCount: number): ContainerLog {
    return new ContainerLog(join(this.#logDirectory, name, `${restartCount}.log`));
  }

  log(name: string, which: "current" | "previous"): ContainerLog | undefined {
    return this.#records.get(name)?.[which === "current" ? 0 : 1]?.log;
  }

  /** A new instance, already running or already failed. */
  add(instance: ContainerInstance, log: ContainerLog, running?: RunningContainer): void {
    const records = [{ instance, log, running }, ...(this.#records.get(instance.name) ?? [])];
    this.#records.set(instance.name, records.slice(0, KEPT_INSTANCES));
    for (const { log: old } of records.slice(KEPT_INSTANCES)) {
      rmSync(old.file, { force: true });
      rmSync(`${old.file}.1`, { force: true });
    }
    this.#onChange();
  }

  /** The running instance has other resources now, without a restart. */
  resize({ name, resources = {} }: Container): void {
    const [newest, ...older] = this.#records.get(name) ?? [];
    if (newest === undefined) return;
    const resized = { ...newest, instance: { ...newest.instance, resources } };
    this.#records.set(name, [resized, ...older]);
    this.#onChange();
  }

  /** The instance has ended; its log is complete. */
  end(ended: ContainerInstance): void {
    const records = this.#records.get(ended.name) ?? [];
    this.#records.set(
      ended.name,
      records.map((record) => {
        if (record.instance.id !== ended.id) return record;
        record.log.close();
        return { ...record, instance: ended };
      }),
    );
    this.#onChange();
  }
}
