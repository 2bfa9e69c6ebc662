import type { PodNetns } from "#embedded/kubelet/pod-sandboxes.ts";

/** A network that gives pods namespaces, and the first two bytes of its addresses. */
export interface TestNetwork {
  readonly netns: PodNetns;
  readonly prefix: string;
  /** A namespace for containers that belong to no pod. */
  readonly namespace: string;
}

/** Set by the project that runs the same tests with namespaces; this room cannot make them by itself. */
export const testNetwork: { current?: TestNetwork } = {};
