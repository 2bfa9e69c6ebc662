import { isConflict, isNotFound } from "#embedded/api/api-error.ts";
import type { ApiClient } from "#embedded/api/client.ts";
import type { KubeObject, Node } from "#embedded/api/objects.ts";
import { LEASES, NODES } from "#embedded/api/resources.ts";
import type { EventObject, EventRecorder } from "./events.ts";
import { type NodeFacts, nodeLabels, nodeStatus } from "./node-object.ts";
import { watchResource } from "./watch-resource.ts";

const LEASE_SECONDS = 40;
/** A real kubelet's, a fifth of the time after which its silence is noticed. */
export const HEARTBEAT_MS = 10_000;
const LEASE_NAMESPACE = "kube-node-lease";

/** Keeps this node's object and lease alive, and tells when somebody cordons it. */
export class NodeRegistration {
  readonly #client: ApiClient;
  readonly #events: EventRecorder;
  readonly #end = new AbortController();
  #facts: NodeFacts;
  #timer: NodeJS.Timeout | undefined;
  #watching: Promise<void> | undefined;
  #schedulable: boolean | undefined;
  #servesLeases = true;

  constructor(client: ApiClient, events: EventRecorder, facts: NodeFacts) {
    this.#client = client;
    this.#events = events;
    this.#facts = facts;
  }

  /** Resolves when the node is there and Ready. */
  async start(): Promise<void> {
    const { name } = this.#facts;
    await this.#putStatus();
    await this.#renewLease();
    this.#tell("NodeReady");
    this.#timer = setInterval(() => void this.#beat(), this.#facts.heartbeatMs);
    this.#watching = watchResource<Node>(
      {
        client: this.#client,
        resource: NODES,
        options: { fieldSelector: `metadata.name=${name}` },
        handlers: { onPresent: (node) => this.#onPresent(node), onGone: () => {} },
      },
      this.#end.signal,
    );
  }

  /** The node goes away in good order: not ready any more, for the reason given. */
  async shutDown(reason: string): Promise<void> {
    this.#facts = { ...this.#facts, notReadyBecause: reason };
    await this.#putStatus();
    this.#tell("NodeNotReady");
  }

  async stop(): Promise<void> {
    clearInterval(this.#timer);
    this.#end.abort();
    await this.#watching;
  }

  async #beat(): Promise<void> {
    // A server that is going away misses a heartbeat; the next one comes by itself.
    await Promise.all([this.#putStatus(), this.#renewLease()]).catch(() => {});
  }

  #onPresent({ spec }: Node): void {
    const schedulable = spec.unschedulable !== true;
    const changed = this.#schedulable !== undefined && this.#schedulable !== schedulable;
    this.#schedulable = schedulable;
    if (changed) this.#tell(schedulable ? "NodeSchedulable" : "NodeNotSchedulable");
  }

  #tell(reason: string): void {
    const message = `Node ${this.#facts.name} status is now: ${reason}`;
    this.#events.record(nodeSubject(this.#facts.name), { type: "Normal", reason, message });
  }

  async #putStatus(): Promise<void> {
    const { name } = this.#facts;
    const stored = (await this.#client.get<Node>(NODES, name)) ?? (await this.#create(name));
    const status = nodeStatus(this.#facts, stored.status, Date.now());
    try {
      await this.#client.update<Node>(NODES, { ...stored, status }, "status");
    } catch (error) {
      if (isConflict(error) || isNotFound(error)) return this.#putStatus();
      throw error;
    }
  }

  #create(name: string): Promise<Node> {
    return this.#client.create<Node>(NODES, {
      apiVersion: "v1",
      kind: "Node",
      metadata: { name, labels: nodeLabels(name) },
      spec: {
        podCIDR: this.#facts.podRange,
        podCIDRs: [this.#facts.podRange],
        ...(this.#facts.providerID !== undefined && { providerID: this.#facts.providerID }),
      },
    });
  }

  async #renewLease(): Promise<void> {
    if (!this.#servesLeases) return;
    const { name } = this.#facts;
    const renewTime = new Date().toISOString().replace("Z", "000Z");
    const spec = { holderIdentity: name, leaseDurationSeconds: LEASE_SECONDS, renewTime };
    try {
      const stored = await this.#client.get<KubeObject>(LEASES, name, LEASE_NAMESPACE);
      if (stored !== undefined) {
        await this.#client.update(LEASES, { ...stored, spec });
        return;
      }
      const metadata = { name, namespace: LEASE_NAMESPACE };
      const lease = { apiVersion: "coordination.k8s.io/v1", kind: "Lease", metadata, spec };
      await this.#client.create<KubeObject>(LEASES, lease);
    } catch (error) {
      if (!isNotFound(error)) throw error;
      this.#servesLeases = false; // this API has no leases, or no namespace for them
    }
  }
}

/** Events on a node carry its name as uid and live in the default namespace. */
function nodeSubject(name: string): EventObject {
  return { kind: "Node", apiVersion: "v1", name, uid: name };
}
