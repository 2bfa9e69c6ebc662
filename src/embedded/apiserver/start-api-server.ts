import { randomBytes } from "node:crypto";
import type { IncomingMessage } from "node:http";
import { createServer, type Server } from "node:https";
import type { Duplex } from "node:stream";
import type { ApiClient } from "#embedded/api/client.ts";
import type { PodTokenWish } from "#embedded/api/pod-token-wish.ts";
import { createFirstObjects } from "./bootstrap/first-objects.ts";
import { CRD_RESOURCE } from "./custom-resources/custom-resource-definition.ts";
import { serveCustomResources } from "./custom-resources/serve-custom-resources.ts";
import { authenticator, tokenReader } from "./http/authentication.ts";
import { handleRequest } from "./http/handle-request.ts";
import { serveUpgrade } from "./http/serve-upgrade.ts";
import { kubeconfigFor } from "./kubeconfig.ts";
import { LoopbackClient } from "./loopback-client.ts";
import { ResourceCatalog } from "./registry/resource-catalog.ts";
import type { ServerContext } from "./registry/server-context.ts";
import { CERTIFICATE_REQUESTS } from "./resources/certificate-requests.ts";
import { CORE_RESOURCES, SERVICE_ACCOUNT_RESOURCE } from "./resources/core-resources.ts";
import { EVENTS_V1 } from "./resources/event-resources.ts";
import { OTHER_RESOURCES } from "./resources/other-resources.ts";
import { REVIEW_RESOURCES, tokenReviews } from "./resources/review-resources.ts";
import { WORKLOAD_RESOURCES } from "./resources/workload-resources.ts";
import { issuePodToken } from "./service-accounts/issue-pod-token.ts";
import { createTokenIssuer } from "./service-accounts/token-issuer.ts";
import { Store } from "./store/store.ts";
import { createServerIdentity } from "./tls/server-identity.ts";

/** Where the server listens, and what it shares with the rest of its cluster. */
export interface ApiServerOptions {
  /** A loopback address; nothing else is ever listened on. */
  readonly address: string;
  /** 0 picks a free one. */
  readonly port: number;
  /** Services get `<prefix>.1` to `<prefix>.254`: `127.7.250`. */
  readonly serviceAddressPrefix: string;
  /** Where pods reach the server, if not at its own address; somebody else passes them on. */
  readonly advertiseAddress?: string | undefined;
  /** What kubelets accept as coming from the API server. */
  readonly clusterSecret: string;
  /** How many writes of each resource a watch can catch up on. */
  readonly eventHistoryCapacity?: number;
  readonly nowMs?: () => number;
}

/** A running API server. */
export interface ApiServer {
  readonly url: string;
  /** YAML, with the credential. */
  readonly kubeconfig: string;
  /** The way in for the cluster's own parts. */
  readonly client: ApiClient;
  /** The same for a part that objects should remember by a name of its own. */
  clientAs(fieldManager: string): ApiClient;
  /** A token for a service account, bound to one pod: what a kubelet gives its pods. */
  issueToken(wish: PodTokenWish): string;
  /** Ends every stream and connection. May be called more than once. */
  stop(): Promise<void>;
}

const EVENT_HISTORY_CAPACITY = 20_000;
/** Long enough that a client hardly ever sends a request into a connection that is being closed. */
const KEEP_ALIVE_MS = 120_000;

/** Serves the Kubernetes API over HTTPS; rejects with the socket's own error when the port is taken. */
export async function startApiServer(options: ApiServerOptions): Promise<ApiServer> {
  const { address, clusterSecret } = options;
  const context: ServerContext = {
    store: new Store(options.eventHistoryCapacity ?? EVENT_HISTORY_CAPACITY),
    nowMs: options.nowMs ?? Date.now,
    random: Math.random,
    serviceAddress: (index) =>
      index < 254 ? `${options.serviceAddressPrefix}.${index + 1}` : undefined,
  };
  const token = randomBytes(24).toString("base64url");
  const tokens = createTokenIssuer();
  const readToken = tokenReader(context, token, tokens);
  const catalog = new ResourceCatalog([
    ...CORE_RESOURCES,
    EVENTS_V1,
    ...WORKLOAD_RESOURCES,
    ...OTHER_RESOURCES,
    ...REVIEW_RESOURCES,
    tokenReviews(readToken),
    CERTIFICATE_REQUESTS,
    CRD_RESOURCE,
  ]);
  serveCustomResources(context, catalog);
  const stopping = new AbortController();
  const authenticate = authenticator(readToken);
  const serving = {
    ...{ context, catalog, clusterSecret, authenticate, tokens, stopping: stopping.signal },
  };
  const serviceAddress = `${options.serviceAddressPrefix}.1`;
  const { advertiseAddress = address } = options;
  const addresses = [...new Set([address, advertiseAddress, serviceAddress])];
  const { ca, certificate, privateKey } = createServerIdentity(addresses, context.nowMs());
  const server = createServer({ cert: certificate, key: privateKey }, (request, response) => {
    void handleRequest(serving, { request, response });
  });
  server.on("upgrade", (request: IncomingMessage, socket: Duplex, head: Buffer) => {
    void serveUpgrade(serving, { request, socket, head });
  });
  server.keepAliveTimeout = KEEP_ALIVE_MS;
  const port = await listen(server, address, options.port);
  createFirstObjects(context, catalog, { address: advertiseAddress, port, serviceAddress, ca });
  const url = `https://${address}:${port}`;
  return {
    url,
    kubeconfig: kubeconfigFor({ url, ca, token }),
    client: new LoopbackClient(context, catalog),
    clientAs: (fieldManager) => new LoopbackClient(context, catalog, fieldManager),
    issueToken: (wish) => issuePodToken(context, SERVICE_ACCOUNT_RESOURCE, { wish, tokens }),
    async stop() {
      stopping.abort();
      await close(server);
    },
  };
}

async function listen(server: Server, host: string, port: number): Promise<number> {
  await new Promise<void>((resolve, reject) => {
    server.once("error", reject);
    server.listen({ host, port, exclusive: true }, () => {
      server.off("error", reject);
      resolve();
    });
  });
  const bound = server.address();
  return typeof bound === "object" && bound !== null ? bound.port : port;
}

async function close(server: Server): Promise<void> {
  if (!server.listening) return;
  await new Promise<void>((resolve) => {
    server.close(() => resolve());
    server.closeAllConnections();
  });
}
