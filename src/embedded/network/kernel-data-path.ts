import { setTimeout as sleep } from "node:timers/promises";
import type { ConnectionLog } from "./connection-log.ts";
import { baseRules, renderRules } from "./kernel-rules.ts";
import { parseConntrack } from "./parse-conntrack.ts";
import type { NetworkNode } from "./service-frontends.ts";
import { type DataPathChange, ServiceTable } from "./service-table.ts";

/** What of a kernel this room needs: somebody who loads rules where the cluster's traffic passes. */
export interface Kernel {
  readonly routerAddress: string;
  /** A script for nft; it takes effect as a whole or not at all. */
  loadRules(script: string): Promise<void>;
  /** Tells of each new connection, in the words of conntrack, until it ends or is stopped. */
  followConnections(follower: { line(text: string): void; ended(because: string): void }): {
    readonly stop: () => Promise<void>;
  };
}

interface KernelOptions {
  readonly nodes: readonly NetworkNode[];
  readonly kernel: Kernel;
  readonly log: ConnectionLog;
  /** Until rules that could not be loaded are tried again; a second unless given. */
  readonly retryMs?: number;
}

/** What kube-proxy does with nftables: rules in the kernel, which translates addresses and forwards. */
export class KernelDataPath {
  readonly #kernel: Kernel;
  readonly #table: ServiceTable;
  readonly #stopped = new AbortController();
  readonly #retryMs: number;
  readonly #log: ConnectionLog;
  #following: { readonly stop: () => Promise<void> };
  #sticky: ReadonlySet<string> = new Set();
  #stale = false;
  #loading: Promise<void> | undefined;

  private constructor({ nodes, kernel, log, retryMs = 1_000 }: KernelOptions) {
    this.#kernel = kernel;
    this.#retryMs = retryMs;
    this.#table = new ServiceTable(nodes);
    this.#log = log;
    this.#following = this.#follow();
  }

  static async start(options: KernelOptions): Promise<KernelDataPath> {
    const { kernel } = options;
    await kernel.loadRules(baseRules(kernel.routerAddress));
    return new KernelDataPath(options);
  }

  apply(applied: DataPathChange): void {
    if (this.#table.apply(applied) === undefined) return;
    this.#stale = true;
    this.#loading ??= this.#load().finally(() => {
      this.#loading = undefined;
    });
  }

  /** Resolves when the rules are those last applied. */
  async settled(): Promise<void> {
    await this.#loading;
  }

  /** The rules stay until the kernel takes down what they are in. */
  async stop(): Promise<void> {
    this.#stopped.abort();
    await Promise.all([this.#following.stop(), this.#loading]);
  }

  /** A reader that was too late for the kernel begins anew; one that never said a word cannot work here. */
  #follow(): { readonly stop: () => Promise<void> } {
    let spoke = false;
    return this.#kernel.followConnections({
      line: (text) => {
        spoke = true;
        const led = parseConntrack(text);
        if (led !== undefined) this.#log.report(led);
      },
      ended: (because) => {
        if (this.#stopped.signal.aborted) return;
        if (!spoke) this.#log.end(because);
        else {
          this.#log.interrupt();
          this.#following = this.#follow();
        }
      },
    });
  }

  /** What changes while rules are being loaded is loaded with the next ones, all at once. */
  async #load(): Promise<void> {
    await Promise.resolve(); // changes that come together are loaded together
    const { signal } = this.#stopped;
    while (this.#stale && !signal.aborted) {
      this.#stale = false;
      const { script, sticky } = renderRules(this.#table.allFrontends(), this.#sticky);
      try {
        await this.#kernel.loadRules(script);
        this.#sticky = sticky;
      } catch (error) {
        if (signal.aborted) return;
        process.emitWarning(`The rules of the Services could not be loaded: ${error}`);
        this.#stale = true;
        await sleep(this.#retryMs, undefined, { signal }).catch(() => {});
      }
    }
  }
}
