import { HarnessError } from "#domain/errors.ts";
import { describeRef, type ObjectRef, shortRef } from "#domain/object-ref.ts";
import { awaitAbsence } from "./await-absence.ts";
import type { DisruptionContext } from "./disruption-context.ts";
import { reportAction } from "./report-action.ts";

/** Deletes a Job as kubectl does, its pods with their own grace, and waits until all are gone. */
export async function performDeleteJob(job: ObjectRef, context: DisruptionContext): Promise<void> {
  const { cluster, signal } = context;
  if ((await cluster.readObject(job, signal)) === undefined) {
    throw new HarnessError("NO_TARGET", `Could not delete ${describeRef(job)}: it is not there.`, {
      hint: "Add the Job to the scenario's manifests, or correct its name in the step.",
    });
  }
  await cluster.deleteObject(job, { dryRun: true }, signal);
  await reportAction(
    {
      verb: "delete",
      object: shortRef(job),
      act: () => cluster.deleteObject(job, {}, signal),
      describe: (answer) => answer,
    },
    context,
  );
  const pods = {
    apiVersion: "v1",
    kind: "Pod",
    ...(job.namespace !== undefined && { namespace: job.namespace }),
    labelSelector: `job-name=${job.name}`,
  };
  const gone = await awaitAbsence(
    async () =>
      (await cluster.readObject(job, signal)) === undefined &&
      (await cluster.listObjects(pods, signal)).length === 0,
    context,
  );
  if (gone) return;
  throw new HarnessError(
    "JOB_STAYS",
    `${describeRef(job)} or its pods were still there ${context.deadlineMs / 1000} s after the deletion.`,
    { hint: "A finalizer may keep it, or its pods need longer: raise the scenario's deadline." },
  );
}
