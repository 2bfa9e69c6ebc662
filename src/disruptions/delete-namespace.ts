import { HarnessError } from "#domain/errors.ts";
import { shortRef } from "#domain/object-ref.ts";
import { MANAGED_BY } from "#domain/undo-step.ts";
import { awaitAbsence } from "./await-absence.ts";
import type { DisruptionContext } from "./disruption-context.ts";
import { reportAction } from "./report-action.ts";

/** Whoever sets this label says that the namespace holds nothing but tests. */
const TEST_OWNED = "lastcall.dev/test-owned";

/** Deletes a namespace that belongs to tests, which its labels must say, and waits until it is gone. */
export async function performDeleteNamespace(
  namespace: string,
  context: DisruptionContext,
): Promise<void> {
  const { cluster, signal } = context;
  const ref = { apiVersion: "v1", kind: "Namespace", name: namespace };
  const found = await cluster.readObject(ref, signal);
  if (found === undefined) {
    throw new HarnessError("NO_TARGET", `There is no namespace ${namespace} to delete.`, {
      hint: "Correct its name in the step, or let the scenario's manifests create it.",
    });
  }
  const labels = found.metadata.labels ?? {};
  const managedBy = labels["app.kubernetes.io/managed-by"];
  if (labels[TEST_OWNED] !== "true" && managedBy !== MANAGED_BY["app.kubernetes.io/managed-by"]) {
    throw new HarnessError(
      "NOT_TEST_OWNED",
      `The namespace ${namespace} is not deleted: no label says that it belongs to tests.`,
      {
        hint: `If nothing in it matters: kubectl label namespace ${namespace} ${TEST_OWNED}=true`,
      },
    );
  }
  await cluster.deleteObject(ref, { dryRun: true }, signal);
  await reportAction(
    {
      verb: "delete",
      object: shortRef(ref),
      act: () => cluster.deleteObject(ref, {}, signal),
      describe: (answer) => answer,
    },
    context,
  );
  const gone = await awaitAbsence(
    async () => (await cluster.readObject(ref, signal)) === undefined,
    context,
  );
  if (gone) return;
  throw new HarnessError(
    "NAMESPACE_STAYS",
    `The namespace ${namespace} was still there ${context.deadlineMs / 1000} s after its deletion.`,
    {
      hint: "Its status says what is left: `kubectl get namespace NAME -o yaml`. A pod may need longer than the scenario's deadline.",
    },
  );
}
