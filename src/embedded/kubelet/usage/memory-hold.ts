import type { Container } from "#embedded/api/objects.ts";
import { parseQuantity } from "#embedded/api/quantity.ts";
import type { ContainerProcess } from "#embedded/kubelet/runtime/container-runtime.ts";
import type { MemoryWatch } from "./memory-watch.ts";

/** One container and its memory limit, which may be another while it runs. */
export class MemoryHold {
  readonly #memory: MemoryWatch;
  readonly #process: ContainerProcess;
  #release = () => {};
  #exceeded = false;

  constructor(memory: MemoryWatch, process: ContainerProcess) {
    this.#memory = memory;
    this.#process = process;
  }

  /** Whether the container was killed for it; its exit is then told from any other. */
  get wasExceeded(): boolean {
    return this.#exceeded;
  }

  /** From now on; without a limit it is held to nothing. */
  limit({ resources }: Pick<Container, "resources">): void {
    this.stop();
    const { pid } = this.#process;
    const limitBytes = parseQuantity(resources?.limits?.["memory"] ?? "");
    if (pid === undefined || !(limitBytes > 0)) return;
    const onExceeded = () => {
      this.#exceeded = true;
      this.#process.kill();
    };
    this.#release = this.#memory.watch({ pid, limitBytes, onExceeded });
  }

  stop(): void {
    this.#release();
  }
}
