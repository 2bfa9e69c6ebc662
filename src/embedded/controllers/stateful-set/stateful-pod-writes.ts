import { ApiError } from "#embedded/api/api-error.ts";
import type { KubeObject, Pod } from "#embedded/api/objects.ts";
import { PERSISTENT_VOLUME_CLAIMS, PODS } from "#embedded/api/resources.ts";
import type { Cluster } from "#embedded/controllers/controller.ts";
import type { NewPod } from "#embedded/controllers/pods/pod-from-template.ts";
import { messageOf } from "#embedded/controllers/pods/pod-writes.ts";
import { claimName } from "./pod-identity.ts";
import type { StatefulSet } from "./stateful-set.ts";

/** Creates the claims that the pod needs and does not find, then the pod. */
export async function createStatefulPod(
  set: StatefulSet,
  pod: NewPod,
  cluster: Cluster,
): Promise<void> {
  const { name = "" } = pod.metadata;
  await createClaims(set, name, cluster);
  const what = `Pod ${name} in StatefulSet ${set.metadata.name}`;
  await told({ set, verb: "Create", what }, cluster, () => cluster.api.create<Pod>(PODS, pod));
}

/** Deletes the pod; its claims stay for its successor. */
export async function deleteStatefulPod(
  set: StatefulSet,
  { metadata }: Pod,
  cluster: Cluster,
): Promise<void> {
  const { name, namespace = "", uid } = metadata;
  const what = `Pod ${name} in StatefulSet ${set.metadata.name}`;
  await told({ set, verb: "Delete", what }, cluster, () =>
    cluster.api.delete(PODS, name, { namespace, preconditions: { uid } }),
  );
}

async function createClaims(set: StatefulSet, podName: string, cluster: Cluster): Promise<void> {
  const { namespace = "" } = set.metadata;
  for (const template of set.spec.volumeClaimTemplates ?? []) {
    const name = claimName(template.metadata.name, podName);
    const claims = cluster.caches.of<KubeObject>(PERSISTENT_VOLUME_CLAIMS);
    if (claims.get(name, namespace) !== undefined) continue;
    const labels = { ...template.metadata.labels, ...set.spec.selector.matchLabels };
    const what = `Claim ${name} Pod ${podName} in StatefulSet ${set.metadata.name}`;
    await told({ set, verb: "Create", what }, cluster, () =>
      cluster.api.create<KubeObject>(PERSISTENT_VOLUME_CLAIMS, {
        apiVersion: "v1",
        kind: "PersistentVolumeClaim",
        metadata: { ...template.metadata, name, namespace, labels },
        spec: template.spec,
      }),
    );
  }
}

interface Telling {
  readonly set: StatefulSet;
  readonly verb: "Create" | "Delete";
  readonly what: string;
}

async function told(
  { set, verb, what }: Telling,
  { record }: Cluster,
  act: () => Promise<unknown>,
): Promise<void> {
  const word = what.startsWith("Claim") ? "success" : "successful";
  try {
    await act();
    const message = `${verb} ${what} ${word}`;
    record(set, { type: "Normal", reason: `Successful${verb}`, message });
  } catch (error) {
    if (error instanceof ApiError && error.reason === "AlreadyExists") throw error;
    const message = `${verb} ${what} failed error: ${messageOf(error)}`;
    record(set, { type: "Warning", reason: `Failed${verb}`, message });
    throw error;
  }
}
