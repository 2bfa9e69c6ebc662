import type { ClusterObjects } from "#ports/cluster-objects.ts";
import type { ApiConnection } from "./api-connection.ts";
import { createObject } from "./create-object.ts";
import { deleteObject } from "./delete-object.ts";
import { evictPod } from "./evict-pod.ts";
import { openSession } from "./open-session.ts";
import { patchObject } from "./patch-object.ts";
import { listObjects, readObject } from "./read-objects.ts";
import { runInContainer } from "./run-in-container.ts";

/** The requests about single objects, over one connection. */
export function clusterObjects(api: ApiConnection): ClusterObjects {
  return {
    readObject: (ref, signal) => readObject(api, ref, signal),
    listObjects: (query, signal) => listObjects(api, query, signal),
    createObject: (object, signal) => createObject(api, object, signal),
    patchObject: (ref, patch, signal) => patchObject(api, { ref, patch }, signal),
    deleteObject: (ref, options, signal) => deleteObject(api, { ref, options }, signal),
    evictPod: (pod, signal) => evictPod(api, pod, signal),
    runInContainer: (container, command, signal) =>
      runInContainer(api.config, { ...container, command }, signal),
    openSession: (request, signal) => openSession(api.config, request, signal),
  };
}
