/**
 * What can be done to the machines that nodes are, and the Kubernetes API cannot. Each throws where nobody is
 * known who could do it, and says why.
 */
export interface ClusterMachines {
  /** Throws what the others would, and touches nothing. */
  reachMachine(node: string, signal: AbortSignal): Promise<void>;
  /** Turns it off in order; resolves when it is off. */
  shutDownNode(node: string, signal: AbortSignal): Promise<void>;
  /** It is gone from one moment to the next, and nobody is told. */
  loseNode(node: string, signal: AbortSignal): Promise<void>;
  /** Resolves when its node is Ready. */
  turnOnNode(node: string, signal: AbortSignal): Promise<"turned-on" | "was-on">;
  /** SIGKILL from outside; the id is the one that the pod's status shows. */
  killContainer(
    container: { readonly node: string; readonly id: string },
    signal: AbortSignal,
  ): Promise<void>;
}
