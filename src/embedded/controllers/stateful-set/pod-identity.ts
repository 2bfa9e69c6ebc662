import type { Pod, Volume } from "#embedded/api/objects.ts";
import { type NewPod, podFromTemplate } from "#embedded/controllers/pods/pod-from-template.ts";
import {
  type ControllerRevision,
  templateOf,
} from "#embedded/controllers/revisions/controller-revision.ts";
import type { StatefulSet } from "./stateful-set.ts";

/** Names the revision of a pod. */
export const REVISION_LABEL = "controller-revision-hash";

/** The number at the end of a pod's name; undefined for a pod that is none of the set's. */
export function ordinalOf({ metadata }: Pod, set: StatefulSet): number | undefined {
  const prefix = `${set.metadata.name}-`;
  const ordinal = metadata.name.startsWith(prefix) ? metadata.name.slice(prefix.length) : "";
  return /^\d+$/.test(ordinal) ? Number(ordinal) : undefined;
}

/** The name of the revision that the pod was made from. */
export function revisionNameOf({ metadata }: Pod): string {
  return metadata.labels?.[REVISION_LABEL] ?? "";
}

/** A pod with its lasting identity: a name, a host name and claims that its successors will have too. */
export function statefulPod(
  set: StatefulSet,
  ordinal: number,
  revision: ControllerRevision,
): NewPod {
  const pod = podFromTemplate(templateOf(revision), set);
  const name = `${set.metadata.name}-${ordinal}`;
  const { serviceName = "", volumeClaimTemplates = [] } = set.spec;
  const claims: readonly Volume[] = volumeClaimTemplates.map((template) => ({
    name: template.metadata.name,
    persistentVolumeClaim: { claimName: claimName(template.metadata.name, name) },
  }));
  const others = (pod.spec.volumes ?? []).filter(
    (volume) => !claims.some((claim) => claim.name === volume.name),
  );
  const volumes = [...others, ...claims];
  return {
    ...pod,
    metadata: {
      ...pod.metadata,
      name,
      labels: {
        ...pod.metadata.labels,
        "apps.kubernetes.io/pod-index": String(ordinal),
        "statefulset.kubernetes.io/pod-name": name,
        [REVISION_LABEL]: revision.metadata.name,
      },
    },
    spec: {
      ...pod.spec,
      hostname: name,
      ...(serviceName === "" ? {} : { subdomain: serviceName }),
      ...(volumes.length === 0 ? {} : { volumes }),
    },
  };
}

/** `<template>-<pod>`, so that a pod's successor finds what the pod has left behind. */
export function claimName(template: string, podName: string): string {
  return `${template}-${podName}`;
}
