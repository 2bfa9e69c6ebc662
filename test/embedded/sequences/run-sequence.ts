import { setTimeout as sleep } from "node:timers/promises";
import type { ApiClient } from "#embedded/api/client.ts";
import type { KubeObject } from "#embedded/api/objects.ts";
import {
  CONFIG_MAPS,
  DEPLOYMENTS,
  ENDPOINT_SLICES,
  NAMESPACES,
  PODS,
  REPLICA_SETS,
  SERVICES,
} from "#embedded/api/resources.ts";
import { SequenceClient } from "./client.ts";
import type { Operation } from "./operations.ts";
import { unsettled } from "./settled.ts";
import { WatchedCollection } from "./watched-collection.ts";

const WATCHED = [CONFIG_MAPS, DEPLOYMENTS, REPLICA_SETS, PODS, SERVICES, ENDPOINT_SLICES];
const PATIENCE_MS = 10_000;

export interface SequenceOutcome {
  /** Every invariant that did not hold. */
  readonly broken: readonly string[];
  /** What is still there when its namespace should be gone: a cluster takes seconds before it begins to empty one. */
  readonly left: Promise<readonly string[]>;
}

/** Performs one sequence in a namespace of its own. */
export async function runSequence(
  api: ApiClient,
  namespace: string,
  operations: readonly Operation[],
): Promise<SequenceOutcome> {
  const head = { apiVersion: "v1", kind: "Namespace", metadata: { name: namespace } };
  await api.create<KubeObject>(NAMESPACES, head);
  const watches: WatchedCollection[] = [];
  const client = new SequenceClient(api, namespace);
  try {
    for (const one of WATCHED) watches.push(await WatchedCollection.start(api, one, namespace));
    const half = Math.ceil(operations.length / 2);
    for (const operation of operations.slice(0, half)) await client.perform(operation);
    const late: WatchedCollection[] = [];
    for (const one of WATCHED) late.push(await WatchedCollection.list(api, one, namespace));
    for (const operation of operations.slice(half)) await client.perform(operation);
    for (const watch of late) watch.follow();
    watches.push(...late);
    const open = await untilEmpty(() => unsettled(api, namespace));
    const differences = await untilEmpty(async () =>
      (await Promise.all(watches.map((watch) => watch.differences()))).flat(),
    );
    const counted = await lostUpdates(api, namespace, client.counts);
    const problems = watches.flatMap((watch) => watch.problems);
    const versions = unordered(client.versions);
    const broken = [...open, ...differences, ...counted, ...problems, ...versions];
    await deleteNamespace(api, namespace);
    return {
      broken: broken.concat(client.wronglyAccepted),
      left: untilEmpty(() => remains(api, namespace), 100),
    };
  } finally {
    await Promise.all(watches.map((watch) => watch.stop()));
  }
}

async function lostUpdates(
  api: ApiClient,
  namespace: string,
  counts: ReadonlyMap<string, number>,
): Promise<readonly string[]> {
  const { items } = await api.list<KubeObject>(CONFIG_MAPS, { namespace });
  return [...counts].flatMap(([name, count]) => {
    const object = items.find(({ metadata }) => metadata.name === name);
    const counted = Number((object?.["data"] as { n?: string } | undefined)?.n);
    return counted === count ? [] : [`${name} counted ${counted} of ${count} increments`];
  });
}

function unordered(versions: readonly number[]): readonly string[] {
  return versions
    .filter((version, index) => version <= (versions[index - 1] ?? 0))
    .map((version) => `a later write was answered with an earlier version: ${version}`);
}

/** What holds a config map is let go first, as its owner would. */
async function deleteNamespace(api: ApiClient, namespace: string): Promise<void> {
  const { items } = await api.list<KubeObject>(CONFIG_MAPS, { namespace });
  for (const { metadata } of items.filter(({ metadata }) => metadata.finalizers !== undefined)) {
    const body = { metadata: { finalizers: null } };
    await api.patch(CONFIG_MAPS, { name: metadata.name, namespace, type: "merge", body });
  }
  await api.delete(NAMESPACES, namespace);
}

/** Nothing may outlive its namespace. */
async function remains(api: ApiClient, namespace: string): Promise<readonly string[]> {
  const left = await Promise.all(
    WATCHED.map(async (resource) => (await api.list<KubeObject>(resource, { namespace })).items),
  );
  const gone = (await api.get(NAMESPACES, namespace)) === undefined;
  const objects = left.flat().map(({ metadata }) => `${metadata.name} has outlived its namespace`);
  return gone ? objects : [...objects, `namespace ${namespace} is still there`];
}

/** Asks until nothing is wrong any more; what is wrong when patience ends stays wrong. */
async function untilEmpty(
  ask: () => Promise<readonly string[]>,
  pauseMs = 2,
): Promise<readonly string[]> {
  const deadlineMs = performance.now() + PATIENCE_MS;
  for (;;) {
    const problems = await ask();
    if (problems.length === 0 || performance.now() > deadlineMs) return problems;
    await sleep(pauseMs);
  }
}
