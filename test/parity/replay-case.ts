import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { parse, stringify } from "yaml";
import { ApiConnection } from "#clusters/kubernetes/api-connection.ts";
import { loadKubeConfig } from "#clusters/kubernetes/load-kubeconfig.ts";
import type { GoldenCase } from "./golden-case.ts";
import { type KubectlPlace, mustRunInPlace, runInPlace } from "./kubectl.ts";
import { recordedResources, resourcesOfNewCase } from "./recorded-resources.ts";
import { Recorder } from "./recorder.ts";
import type { Trace } from "./trace.ts";

/** A recording, to compare and to keep. */
export interface Replay {
  readonly trace: Trace;
  readonly text: string;
}

/** Controllers wait a second for further news of what has become ready before they tell of it. */
const AFTER_READY_MS = 1_200;

/** How much longer than in the golden trace the cluster may take to settle, or than the action of a new case. */
const PATIENCE_MS = 15_000;

/** Sets a case up in a namespace of its own, acts as it says, and records what the cluster showed. */
export async function replayCase(golden: GoldenCase, kubeconfig: string): Promise<Replay> {
  const namespace = `g-${golden.name}`;
  const directory = await mkdtemp(join(tmpdir(), "parity-"));
  const kubeconfigFile = join(directory, "kubeconfig");
  const api = new ApiConnection(await loadKubeConfig({ kubeconfig }));
  try {
    await writeFile(kubeconfigFile, inNamespace(kubeconfig, namespace), { mode: 0o600 });
    const place = { kubeconfigFile, namespace };
    await mustRunInPlace(["kubectl", "create", "namespace", namespace], place);
    try {
      return await replayIn(place, golden, api);
    } finally {
      await runInPlace(["kubectl", "delete", "namespace", namespace, "--wait=false"], place);
    }
  } finally {
    api.close();
    await rm(directory, { recursive: true, force: true });
  }
}

async function replayIn(
  place: KubectlPlace,
  golden: GoldenCase,
  api: ApiConnection,
): Promise<Replay> {
  await mustRunInPlace(["kubectl", "apply", "-f", golden.setupFile], place);
  await awaitReady(golden, place);
  const resources =
    golden.trace === undefined
      ? resourcesOfNewCase(golden.name)
      : new Set(golden.trace.entries.map(({ resource }) => resource));
  const recorder = new Recorder(api, recordedResources(resources, place.namespace));
  try {
    await recorder.start();
    const act = () => runInPlace(["bash", golden.actionFile], place);
    const trace = await recorder.record(act, tailMs(golden.trace) + PATIENCE_MS);
    return { trace, text: recorder.text };
  } finally {
    recorder.stop();
  }
}

async function awaitReady({ readyFile }: GoldenCase, place: KubectlPlace): Promise<void> {
  if (readyFile !== undefined) {
    await mustRunInPlace(["bash", readyFile], place);
    await sleep(AFTER_READY_MS);
    return;
  }
  const names = await mustRunInPlace(["kubectl", "get", "deployments", "-o", "name"], place);
  for (const name of names.split("\n").filter((line) => line !== "")) {
    await mustRunInPlace(["kubectl", "rollout", "status", name, "--timeout=120s"], place);
  }
}

/** How long the golden recording went on. */
function tailMs(trace: Trace | undefined): number {
  return Math.max(0, ...(trace?.entries ?? []).map(({ t }) => t));
}

function inNamespace(kubeconfig: string, namespace: string): string {
  const config = parse(kubeconfig) as {
    readonly "current-context": string;
    readonly contexts: readonly { name: string; context: Record<string, unknown> }[];
  };
  for (const { name, context } of config.contexts) {
    if (name === config["current-context"]) context["namespace"] = namespace;
  }
  return stringify(config);
}
