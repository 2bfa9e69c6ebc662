import { isConflict } from "#embedded/api/api-error.ts";
import type { ApiClient, Resource } from "#embedded/api/client.ts";
import type { Cluster, Controller } from "./controller.ts";
import { controllers } from "./controllers.ts";
import { EventSink } from "./events/event-sink.ts";
import { Informers } from "./machinery/informers.ts";
import { WorkQueue } from "./machinery/work-queue.ts";
import { WriteThroughClient } from "./machinery/write-through-client.ts";

export interface ControllersOptions {
  readonly client: ApiClient;
  /** Hears of work that failed and will be tried again; losing a race for a write is not worth telling. */
  readonly onError?: (error: unknown, work: { controller: string; key: string }) => void;
}

/** Runs every controller of the cluster in this process, until `stop` has resolved. */
export async function startControllers({
  client,
  onError = () => undefined,
}: ControllersOptions): Promise<{ stop(): Promise<void> }> {
  const nowMs = () => Date.now();
  const informers = new Informers(client);
  const api = new WriteThroughClient(client, informers);
  const sink = new EventSink(client, nowMs);

  const running = controllers().map((controller) => {
    const cluster: Cluster = {
      api,
      caches: informers,
      record: sink.recorderFor(controller.name),
      nowMs,
    };
    const queue = new WorkQueue({
      work: (key) => controller.reconcile(key, cluster),
      workers: controller.workers,
      onError: (error, key) => {
        if (!isConflict(error)) onError(error, { controller: controller.name, key });
      },
    });
    return { controller, cluster, queue };
  });

  await Promise.all(resourcesOf(running).map((resource) => informers.start(resource)));
  for (const { controller, cluster, queue } of running) connect(controller, cluster, queue);

  return {
    async stop() {
      await Promise.all(running.map(({ queue }) => queue.stop()));
      await informers.stop();
      await sink.drain();
    },
  };
}

function connect(controller: Controller, cluster: Cluster, queue: WorkQueue): void {
  for (const { resource, keysOf } of controller.watches) {
    cluster.caches.of(resource).subscribe(({ object, previous }) => {
      for (const key of keysOf(object, cluster)) queue.add(key);
      // What it belonged to before must learn that it does not any more.
      if (previous === undefined || previous === object) return;
      for (const key of keysOf(previous, cluster)) queue.add(key);
    });
  }
}

function resourcesOf(running: readonly { readonly controller: Controller }[]): readonly Resource[] {
  return running.flatMap(({ controller }) => [
    ...controller.watches.map(({ resource }) => resource),
    ...(controller.reads ?? []),
  ]);
}
