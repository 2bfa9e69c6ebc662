import { HarnessError } from "#domain/errors.ts";
import type { PodSnapshot } from "#domain/observation.ts";
import type { DisruptionContext } from "./disruption-context.ts";

/** A container whose main process is PID 1 of its own PID namespace. */
export interface SignalTarget {
  readonly namespace: string;
  readonly pod: string;
  readonly container: string;
  readonly node: string;
  readonly id: string;
}

interface PodFields {
  readonly spec?: {
    readonly hostPID?: boolean;
    readonly shareProcessNamespace?: boolean;
    readonly nodeName?: string;
    readonly containers?: readonly { readonly name: string }[];
  };
  readonly status?: {
    readonly containerStatuses?: readonly {
      readonly name: string;
      readonly containerID?: string;
    }[];
  };
}

const DEFAULT_CONTAINER = "kubectl.kubernetes.io/default-container";

/** The pod's first container, or the one that kubectl would take; refused where PID 1 is somebody else. */
export async function readTarget(
  { name, uid }: PodSnapshot,
  namespace: string,
  { cluster, signal }: DisruptionContext,
): Promise<SignalTarget> {
  const ref = { apiVersion: "v1", kind: "Pod", namespace, name };
  const object = await cluster.readObject(ref, signal);
  if (object === undefined || (object.metadata as { uid?: string }).uid !== uid) {
    throw new HarnessError("NO_TARGET", `The pod ${namespace}/${name} left before the signal.`, {
      hint: "Something else changes the workload meanwhile; nothing was done to it by this step.",
    });
  }
  const { spec = {}, status = {} } = object as PodFields; // a Pod
  if (spec.hostPID === true) throw notPidOne({ namespace, name }, "hostPID", "the node's init");
  if (spec.shareProcessNamespace === true) {
    throw notPidOne({ namespace, name }, "shareProcessNamespace", "the pod's pause process");
  }
  const container =
    object.metadata.annotations?.[DEFAULT_CONTAINER] ?? spec.containers?.[0]?.name ?? "";
  const id = status.containerStatuses?.find((each) => each.name === container)?.containerID ?? "";
  return { namespace, pod: name, container, node: spec.nodeName ?? "", id };
}

function notPidOne(
  { namespace, name }: { readonly namespace: string; readonly name: string },
  field: string,
  who: string,
): HarnessError {
  return new HarnessError(
    "NOT_PID_ONE",
    `Could not send a signal to pod ${namespace}/${name}: with ${field}, PID 1 in its containers is ${who}.`,
    { hint: `Delete the pod instead, or try it without ${field}.` },
  );
}
