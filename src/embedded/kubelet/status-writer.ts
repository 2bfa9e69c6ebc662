import { isDeepStrictEqual } from "node:util";
import { isConflict, isNotFound } from "#embedded/api/api-error.ts";
import type { ApiClient } from "#embedded/api/client.ts";
import type { ObjectMeta, Pod, PodStatus } from "#embedded/api/objects.ts";
import { PODS } from "#embedded/api/resources.ts";
import { mergeStatus, type Stage } from "./status/pod-status.ts";

/** Writes the status of one pod in the background, in order, none left out. */
export class StatusWriter {
  readonly #client: ApiClient;
  readonly #meta: ObjectMeta;
  #written: Promise<void> = Promise.resolve();

  constructor(client: ApiClient, meta: ObjectMeta) {
    this.#client = client;
    this.#meta = meta;
  }

  write(status: PodStatus, stage: Stage): void {
    this.#written = this.#written
      .then(() => this.#put(status, stage))
      .catch((error: unknown) => {
        const { namespace, name } = this.#meta;
        process.emitWarning(`The kubelet lost a status of pod ${namespace}/${name}: ${error}`);
      });
  }

  /** Resolves when everything given so far has been written. */
  flush(): Promise<void> {
    return this.#written;
  }

  async #put(status: PodStatus, stage: Stage): Promise<void> {
    const { name, namespace, uid } = this.#meta;
    const stored = await this.#client.get<Pod>(PODS, name, namespace);
    if (stored?.metadata.uid !== uid) return; // gone, or another pod of that name
    const merged = mergeStatus(stored.status, status, stage);
    if (isDeepStrictEqual(merged, stored.status)) return;
    try {
      await this.#client.update<Pod>(PODS, { ...stored, status: merged }, "status");
    } catch (error) {
      if (isConflict(error)) return this.#put(status, stage);
      if (!isNotFound(error)) throw error;
    }
  }
}
