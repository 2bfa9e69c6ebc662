import type { Pod } from "#embedded/api/objects.ts";
import { type NewPod, podFromTemplate } from "#embedded/controllers/pods/pod-from-template.ts";
import { failureAnnotations } from "./index-failures.ts";
import { INDEX_ANNOTATION, JOB_FINALIZER, JOB_NAME_LABEL, type Job } from "./job.ts";

const INDEX_ENV = "JOB_COMPLETION_INDEX";

/** A pod of the Job, with the finalizer that keeps it until it is counted; `lastTry` has failed at the index. */
export function jobPod(job: Job, index: number | undefined, lastTry?: Pod): NewPod {
  const pod = podFromTemplate(job.spec.template, job);
  const { name, uid } = job.metadata;
  const labels = {
    ...pod.metadata.labels,
    "batch.kubernetes.io/controller-uid": uid,
    [JOB_NAME_LABEL]: name,
    "controller-uid": uid,
    "job-name": name,
  };
  const metadata = { ...pod.metadata, labels, finalizers: [JOB_FINALIZER] };
  if (index === undefined) return { ...pod, metadata };
  const text = String(index);
  return {
    ...pod,
    metadata: {
      ...metadata,
      generateName: `${name}-${text}-`,
      labels: { ...labels, [INDEX_ANNOTATION]: text },
      annotations: {
        ...{ ...metadata.annotations, [INDEX_ANNOTATION]: text },
        ...failureAnnotations(job, lastTry),
      },
    },
    spec: {
      ...pod.spec,
      hostname: `${name}-${text}`,
      containers: pod.spec.containers.map((container) => ({
        ...container,
        env: [...(container.env ?? []), { name: INDEX_ENV, value: text }],
      })),
    },
  };
}
