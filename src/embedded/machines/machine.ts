/** What runs on a machine, as far as its switches are concerned. */
export interface MachineSystem {
  shutDown(): Promise<void>;
  freeze(): Promise<void>;
  killContainer(id: string): boolean;
  stop(): Promise<void>;
}

/**
 * The machine of a node: what somebody does with it who stands before it, or asks a cloud to. The API server
 * knows nothing of this.
 *
 *   on ──(shut down)──► off        in order: the kubelet ends the pods first
 *   on ──(lose)───────► lost       everything stands still, and connections to it hang
 *   off, lost ──(turn on)──► on    boots: nothing of before runs any more
 *
 * One thing is done at a time: who turns a machine on that is being shut down waits for that.
 */
export class Machine {
  readonly name: string;
  readonly #boot: () => Promise<MachineSystem>;
  #system: MachineSystem | undefined;
  #isLost = false;
  #busy: Promise<unknown> = Promise.resolve();

  private constructor(name: string, boot: () => Promise<MachineSystem>) {
    this.name = name;
    this.#boot = boot;
  }

  /** Turned on for the first time. */
  static async start(name: string, boot: () => Promise<MachineSystem>): Promise<Machine> {
    const machine = new Machine(name, boot);
    await machine.turnOn();
    return machine;
  }

  shutDown(): Promise<void> {
    return this.#next(async () => {
      if (!this.#isLost) await this.#system?.shutDown();
      await this.#powerOff();
    });
  }

  lose(): Promise<void> {
    return this.#next(async () => {
      this.#isLost = this.#system !== undefined;
      await this.#system?.freeze();
    });
  }

  /** False when it was on. */
  turnOn(): Promise<boolean> {
    return this.#next(async () => {
      if (this.#system !== undefined && !this.#isLost) return false;
      await this.#powerOff();
      this.#system = await this.#boot();
      return true;
    });
  }

  /** False when no such container runs here. */
  killContainer(id: string): boolean {
    return !this.#isLost && this.#system?.killContainer(id) === true;
  }

  /** The end of the cluster; whatever was asked for is done before. */
  stop(): Promise<void> {
    return this.#next(() => this.#powerOff());
  }

  async #powerOff(): Promise<void> {
    const system = this.#system;
    this.#system = undefined;
    this.#isLost = false;
    await system?.stop();
  }

  #next<T>(act: () => Promise<T>): Promise<T> {
    const done = this.#busy.then(act);
    this.#busy = done.catch(() => undefined); // told to who asked for it
    return done;
  }
}
