import { expect, it } from "vitest";
import { aCluster, anUndoLog } from "#disruptions/testing/a-cluster.ts";
import { storedObjects } from "#disruptions/testing/stored-objects.ts";
import { RUN_LABEL } from "#domain/undo-step.ts";
import { makeNamespaces } from "./make-namespaces.ts";

const namespace = (name: string) => ({ apiVersion: "v1", kind: "Namespace", metadata: { name } });
const inNamespace = (name: string) => ({
  apiVersion: "v1",
  kind: "ConfigMap",
  metadata: { name: "settings", namespace: name },
});

it("makes what is missing and writes it down first, and leaves the user's own namespaces alone", async () => {
  const { operations, objects } = storedObjects(namespace("there"));
  const undo = anUndoLog();
  const known: unknown[] = [];
  const createObject: typeof operations.createObject = (object, signal) => {
    known.push(...undo.steps);
    return operations.createObject(object, signal);
  };
  const making = {
    ...{ undo, runId: "r1", namespace: "shop" },
    cluster: aCluster({ ...operations, createObject }),
    objects: [inNamespace("there"), inNamespace("own"), namespace("own")],
  };
  await makeNamespaces(making, new AbortController().signal);
  const made = { apiVersion: "v1", kind: "Namespace", name: "shop" };
  expect(undo.steps).toEqual([{ type: "created", object: made }]);
  expect(known).toEqual(undo.steps);
  expect(objects.get("Namespace//shop")?.metadata.labels?.[RUN_LABEL]).toBe("r1");
  expect(objects.has("Namespace//own")).toBe(false);
});
