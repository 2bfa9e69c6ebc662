import { ApiError } from "#embedded/api/api-error.ts";
import type { ApiClient, Resource } from "#embedded/api/client.ts";
import { EVENTS } from "#embedded/api/resources.ts";
import type { Cluster, Controller } from "./controller.ts";
import { controllers } from "./controllers.ts";
import { EventSink } from "./events/event-sink.ts";
import { Informers } from "./machinery/informers.ts";
import { WorkQueue } from "./machinery/work-queue.ts";
import { WriteThroughClient } from "./machinery/write-through-client.ts";

export interface ControllersOptions {
  readonly client: ApiClient;
  /** Hears of work that failed for a reason of our own; a refusal of the API is tried again in silence. */
  readonly onError?: (error: unknown) => void;
  /** The clock of schedules, deadlines and timestamps; waiting is done in real time. */
  readonly nowMs?: () => number;
  /** How long a node may be silent; the controller manager's own default unless given. */
  readonly nodeMonitorGraceMs?: number | undefined;
}

interface Running {
  readonly controller: Controller;
  readonly cluster: Cluster;
  readonly queue: WorkQueue;
}

/** Runs every controller of the cluster in this process, until `stop` has resolved. */
export async function startControllers({
  client,
  onError = warn,
  nowMs = Date.now,
  nodeMonitorGraceMs,
}: ControllersOptions): Promise<{ stop(): Promise<void> }> {
  const caches = new Informers(client);
  const api = new WriteThroughClient(client, caches);
  const sink = new EventSink(client, nowMs);

  const running = controllers(nodeMonitorGraceMs).map((controller): Running => {
    const cluster: Cluster = { api, caches, record: sink.recorderFor(controller.name), nowMs };
    const queue = new WorkQueue({
      work: (key) => controller.reconcile(key, cluster),
      workers: controller.workers,
      ...(controller.firstRetryMs !== undefined && { firstRetryMs: controller.firstRetryMs }),
      onError: (error) => {
        if (isOurMistake(error)) onError(error);
      },
    });
    return { controller, cluster, queue };
  });

  await Promise.all(resourcesOf(running).map((resource) => caches.start(resource)));
  for (const one of running) connect(one);
  await connectEverything(running, client, caches);

  return {
    async stop() {
      await Promise.all(running.map(({ queue }) => queue.stop()));
      await caches.stop();
      await sink.drain();
    },
  };
}

function connect({ controller, cluster, queue }: Running): void {
  for (const { resource, keysOf, batchMs } of controller.watches) {
    cluster.caches.of(resource).subscribe((change) => {
      const { object, previous } = change;
      const delayMs = batchMs(change);
      if (delayMs === undefined) return;
      const add = (key: string) => (delayMs === 0 ? queue.add(key) : queue.addAfter(key, delayMs));
      for (const key of keysOf(object, cluster)) add(key);
      // What it belonged to before must learn that it does not any more.
      if (previous === undefined || previous === object) return;
      for (const key of keysOf(previous, cluster)) add(key);
    });
  }
}

/** Custom resources come and go while the cluster runs, so what is served is asked for again with them. */
async function connectEverything(
  running: readonly Running[],
  client: ApiClient,
  caches: Informers,
): Promise<void> {
  const curious = running.filter(({ controller }) => controller.watchEverything !== undefined);
  const connected = new Set<string>();
  const connectNew = async () => {
    const news = client.resources().filter((resource) => {
      const name = `${resource.group}/${resource.plural}`;
      // Events own nothing and are owned by nobody, and there are many.
      return resource.plural !== EVENTS.plural && !connected.has(name) && connected.add(name);
    });
    await Promise.all(
      news.map(async (resource) => {
        await caches.start(resource);
        for (const { controller, queue } of curious) {
          caches.of(resource).subscribe((change) => {
            for (const key of controller.watchEverything?.(change, resource) ?? []) queue.add(key);
          });
        }
        if (resource.plural !== "customresourcedefinitions") return;
        caches.of(resource).subscribe(() => {
          connectNew().catch(() => undefined); // served no more by now
        });
      }),
    );
  };
  await connectNew();
}

function resourcesOf(running: readonly Running[]): readonly Resource[] {
  return running.flatMap(({ controller }) => [
    ...controller.watches.map(({ resource }) => resource),
    ...(controller.reads ?? []),
  ]);
}

function warn(error: unknown): void {
  process.emitWarning(error instanceof Error ? error : String(error));
}

/** The API refuses for many good reasons, and the work is tried again; a malformed request is none. */
function isOurMistake(error: unknown): boolean {
  return !(error instanceof ApiError) || [400, 415, 500].includes(error.code);
}
