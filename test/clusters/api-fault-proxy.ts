import { once } from "node:events";
import http, { type IncomingMessage, type ServerResponse } from "node:http";
import https from "node:https";
import type { AddressInfo } from "node:net";
import { KubeConfig } from "@kubernetes/client-node";
import { WatchRelay } from "./watch-relay.ts";

/** How the next requests are answered in place of the API server. */
export interface Refusal {
  readonly of: "watch" | "other";
  readonly status: 410 | 429 | 500 | 503;
  readonly retryAfterSeconds?: number;
}

/**
 * Stands in front of a real API server and does to its clients what networks, load balancers and restarts
 * do: cuts and stalls streams, refuses requests, goes away for a while, stops accepting a token.
 */
export class ApiFaultProxy {
  readonly #upstream: https.RequestOptions;
  readonly #agent = new https.Agent({ keepAlive: true });
  readonly #speed: number;
  readonly #relays = new Set<WatchRelay>();
  readonly #refusals: Refusal[] = [];
  readonly #timers = new Set<NodeJS.Timeout>();
  #frozen: PromiseWithResolvers<void> | undefined;
  #server: http.Server = this.#create();
  #token = 1;
  #port = 0;

  /** `speed` is the clients' clock against the wall's: rounds end as much sooner. */
  constructor(kubeconfig: string, speed: number) {
    const config = new KubeConfig();
    config.loadFromString(kubeconfig);
    const { server, caData = "" } = config.getCurrentCluster() ?? { server: "" };
    const { hostname, port } = new URL(server);
    this.#upstream = {
      hostname,
      port,
      ca: Buffer.from(caData, "base64"),
      headers: { authorization: `Bearer ${config.getCurrentUser()?.token}` },
      agent: this.#agent,
    };
    this.#speed = speed;
  }

  /** A kubeconfig with the token that is valid now. */
  get kubeconfig(): string {
    return JSON.stringify({
      apiVersion: "v1",
      kind: "Config",
      clusters: [{ name: "test", cluster: { server: `http://127.0.0.1:${this.#port}` } }],
      users: [{ name: "tester", user: { token: `token-${this.#token}` } }],
      contexts: [{ name: "test", context: { cluster: "test", user: "tester" } }],
      "current-context": "test",
    });
  }

  async listen(): Promise<void> {
    this.#server.listen(this.#port, "127.0.0.1");
    await once(this.#server, "listening");
    this.#port = (this.#server.address() as AddressInfo).port; // listening on TCP, so it is no pipe's name
  }

  /** How many connections clients hold open. */
  async connections(): Promise<number> {
    const { promise, resolve } = Promise.withResolvers<number>();
    this.#server.getConnections((_error, count) => resolve(count));
    return await promise;
  }

  get watches(): readonly WatchRelay[] {
    return [...this.#relays];
  }

  refuseNext(refusal: Refusal): void {
    this.#refusals.push(refusal);
  }

  /** Nothing comes back any more, of streams and answers alike, until it thaws. */
  freeze(): void {
    this.#frozen ??= Promise.withResolvers<void>();
    for (const relay of this.#relays) relay.hold();
  }

  thaw(): void {
    this.#frozen?.resolve();
    this.#frozen = undefined;
    for (const relay of this.#relays) relay.release();
  }

  /** Cuts every connection and refuses new ones until `listen`. */
  async goAway(): Promise<void> {
    if (!this.#server.listening) return;
    this.#server.closeAllConnections();
    this.#server.close();
    await once(this.#server, "close");
    this.#server = this.#create();
  }

  /** From now on only a new token is accepted. */
  rotateToken(): void {
    this.#token += 1;
    for (const relay of this.#relays) relay.end();
  }

  /** No fault any more that would still be to come. */
  heal(): void {
    this.#refusals.length = 0;
    this.thaw();
  }

  async close(): Promise<void> {
    this.heal();
    await this.goAway();
    for (const timer of this.#timers) clearTimeout(timer);
    this.#agent.destroy();
  }

  #create(): http.Server {
    return http.createServer((request, response) => void this.#serve(request, response));
  }

  async #serve(request: IncomingMessage, response: ServerResponse): Promise<void> {
    await this.#frozen?.promise;
    const url = new URL(request.url ?? "/", "http://api");
    const isWatch = url.searchParams.get("watch") === "true";
    if (request.headers.authorization !== `Bearer token-${this.#token}`) {
      return refuse(response, { status: 401 });
    }
    const next = this.#refusals.findIndex(({ of }) => (of === "watch") === isWatch);
    const [refusal] = next < 0 ? [] : this.#refusals.splice(next, 1);
    if (refusal !== undefined) return refuse(response, refusal);
    const { authorization: _, host: __, ...headers } = request.headers;
    const options = {
      ...this.#upstream,
      method: request.method,
      path: request.url,
      headers: { ...headers, ...this.#upstream.headers },
    };
    const forward = https.request(options, (answer) => {
      if (isWatch && answer.statusCode === 200) this.#relay(url, answer, response);
      else void this.#pass(answer, response);
    });
    forward.on("error", () => response.destroy());
    response.on("close", () => forward.destroy());
    request.pipe(forward);
  }

  #relay(url: URL, answer: IncomingMessage, response: ServerResponse): void {
    response.writeHead(200, { "content-type": "application/json" });
    response.flushHeaders();
    const relay = new WatchRelay(url, answer, response);
    this.#relays.add(relay);
    if (this.#frozen !== undefined) relay.hold();
    const lengthMs = Number(url.searchParams.get("timeoutSeconds")) * 1000;
    const timer = setTimeout(() => relay.timeOut(), lengthMs / this.#speed);
    this.#timers.add(timer);
    response.on("close", () => {
      clearTimeout(timer);
      this.#timers.delete(timer);
      this.#relays.delete(relay);
    });
  }

  async #pass(answer: IncomingMessage, response: ServerResponse): Promise<void> {
    await this.#frozen?.promise;
    response.writeHead(answer.statusCode ?? 502, answer.headers);
    answer.pipe(response);
  }
}

function refuse(
  response: ServerResponse,
  { status, retryAfterSeconds }: { readonly status: number; readonly retryAfterSeconds?: number },
): void {
  response.writeHead(status, {
    "content-type": "application/json",
    ...(retryAfterSeconds !== undefined && { "retry-after": String(retryAfterSeconds) }),
  });
  const body = { kind: "Status", status: "Failure", code: status, message: "a planned refusal" };
  response.end(JSON.stringify(body));
}
