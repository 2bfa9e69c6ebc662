import { PodAddresses } from "./pod-addresses.ts";

/** What makes network namespaces for pods, each known by the pod's address. */
export interface PodNetns {
  createPod(address: string): Promise<void>;
  removePod(address: string): Promise<void>;
  /** The file by which a program joins the pod's namespace, or without an address the nodes' own. */
  namespaceOf(address?: string): string;
}

/** What a pod has before its first container starts, and keeps until after its last. */
export interface Sandbox {
  readonly ip: string;
  readonly networkNamespace?: string;
}

/** A pod has got no sandbox; it is tried again later. */
export class SandboxError extends Error {}

/** The sandboxes of one node. */
export class PodSandboxes {
  readonly #addresses: PodAddresses;
  readonly #nodeAddress: string;
  readonly #netns: PodNetns | undefined;

  constructor(options: {
    readonly prefix: string;
    readonly nodeAddress: string;
    readonly netns: PodNetns | undefined;
  }) {
    this.#addresses = new PodAddresses(options.prefix);
    this.#nodeAddress = options.nodeAddress;
    this.#netns = options.netns;
  }

  /** On the host a pod has the node's address and network. */
  async create({ onHost }: { readonly onHost: boolean }): Promise<Sandbox> {
    const netns = this.#netns;
    const ip = onHost ? this.#nodeAddress : this.#addresses.take();
    if (ip === undefined) throw new SandboxError(this.#addresses.describeShortage());
    if (netns === undefined) return { ip };
    if (onHost) return { ip, networkNamespace: netns.namespaceOf() };
    try {
      await netns.createPod(ip);
      return { ip, networkNamespace: netns.namespaceOf(ip) };
    } catch (error) {
      await this.remove(ip);
      throw new SandboxError(error instanceof Error ? error.message : String(error));
    }
  }

  /** Takes the network from whatever still runs, and lets the address be given again. */
  async remove(ip: string): Promise<void> {
    if (ip === this.#nodeAddress) return;
    // Also the rest of one that was made in part only; what is not there need not be removed.
    await this.#netns?.removePod(ip).catch(() => {});
    this.#addresses.release(ip);
  }
}
