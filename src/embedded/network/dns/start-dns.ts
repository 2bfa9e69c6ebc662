import { createSocket } from "node:dgram";
import { once } from "node:events";
import type { ApiClient } from "#embedded/api/client.ts";
import type { EndpointSlice, Service } from "#embedded/api/objects.ts";
import { ENDPOINT_SLICES, SERVICES } from "#embedded/api/resources.ts";
import { followResource } from "#embedded/network/follow-resource.ts";
import { type NamedThings, recordsOf } from "./cluster-names.ts";
import { CODE, type DnsQuestion, encodeAnswer, parseQuestion } from "./dns-message.ts";

const SERVICE_NAME = "kubernetes.io/service-name";

/** The name server of the cluster, which pods are told of. */
export interface ClusterDns {
  /** Where it is asked, at the port that everybody knows. */
  readonly address: string;
  stop(): Promise<void>;
}

/**
 * Answers for the names of Services and pods, over UDP. Undefined where it cannot listen: the port takes root,
 * and somebody else may have it. What it does not know it refuses, and a client asks its next server.
 */
export async function startDns(
  client: ApiClient,
  { address, port = 53 }: { readonly address: string; readonly port?: number },
): Promise<ClusterDns | undefined> {
  const socket = createSocket("udp4");
  socket.bind(port, address);
  try {
    await once(socket, "listening");
  } catch {
    socket.close();
    return undefined;
  }
  const end = new AbortController();
  const known = new Known();
  const following = await Promise.all([
    followResource<Service>(client, SERVICES, (change) => known.learnService(change), end.signal),
    followResource<EndpointSlice>(
      client,
      ENDPOINT_SLICES,
      (change) => known.learnSlice(change),
      end.signal,
    ),
  ]);
  socket.on("message", (message, from) => {
    const question = parseQuestion(message);
    if (question === undefined) return;
    socket.send(answerTo(question, known), from.port, from.address);
  });
  // Whoever has asked may be gone by now.
  socket.on("error", () => {});
  return {
    address,
    async stop() {
      end.abort();
      await Promise.all(following.map(({ ended }) => ended));
      await new Promise<void>((resolve) => socket.close(() => resolve()));
    },
  };
}

function answerTo(question: DnsQuestion, known: NamedThings): Buffer {
  const records = recordsOf(question.name, question.type, known);
  if (records === "foreign") return encodeAnswer(question, CODE.refused, []);
  if (records === undefined) return encodeAnswer(question, CODE.noSuchName, []);
  return encodeAnswer(question, CODE.ok, records);
}

interface Change<T> {
  readonly type: string;
  readonly object: T;
}

/** Services and their endpoints, by their names. */
class Known implements NamedThings {
  readonly #services = new Map<string, Service>();
  readonly #slices = new Map<string, EndpointSlice>();

  learnService({ type, object }: Change<Service>): void {
    const key = `${object.metadata.namespace}/${object.metadata.name}`;
    if (type === "DELETED") this.#services.delete(key);
    else this.#services.set(key, object);
  }

  learnSlice({ type, object }: Change<EndpointSlice>): void {
    if (type === "DELETED") this.#slices.delete(object.metadata.uid);
    else this.#slices.set(object.metadata.uid, object);
  }

  service(namespace: string, name: string): Service | undefined {
    return this.#services.get(`${namespace}/${name}`);
  }

  services(): Iterable<Service> {
    return this.#services.values();
  }

  slices(namespace: string, name: string): readonly EndpointSlice[] {
    return [...this.#slices.values()].filter(
      ({ metadata }) =>
        metadata.namespace === namespace && metadata.labels?.[SERVICE_NAME] === name,
    );
  }
}
