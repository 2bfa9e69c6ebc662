import { once } from "node:events";
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";

/** One request as it arrived. */
interface SeenRequest {
  readonly method: string;
  readonly path: string;
  readonly query: Readonly<Record<string, string>>;
  readonly headers: IncomingMessage["headers"];
  readonly body: unknown;
}

export type Answer = (request: SeenRequest, response: ServerResponse) => void;

/** An API server that says what a test tells it to, over real HTTP. What is not scripted is a 404. */
export class ScriptedApi {
  readonly requests: SeenRequest[] = [];
  readonly #answers = new Map<string, Answer>();
  readonly #server = createServer((request, response) => void this.#serve(request, response));

  /** `route` is `GET /api/v1/pods`. The last script for a route is the one that counts. */
  on(route: string, answer: Answer): void {
    this.#answers.set(route, answer);
  }

  async listen(port = 0): Promise<void> {
    this.#server.listen(port, "127.0.0.1");
    await once(this.#server, "listening");
  }

  get port(): number {
    return (this.#server.address() as AddressInfo).port; // listening on TCP, so it is no pipe's name
  }

  get kubeconfig(): string {
    return kubeconfigFor(`http://127.0.0.1:${this.port}`);
  }

  /** How many connections clients hold open. */
  connections(): Promise<number> {
    const { promise, resolve } = Promise.withResolvers<number>();
    this.#server.getConnections((_error, count) => resolve(count));
    return promise;
  }

  async close(): Promise<void> {
    if (!this.#server.listening) return;
    this.#server.closeAllConnections();
    this.#server.close();
    await once(this.#server, "close");
  }

  async #serve(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const url = new URL(request.url ?? "/", "http://api");
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk);
    const text = Buffer.concat(chunks).toString();
    const seen: SeenRequest = {
      method: request.method ?? "",
      path: url.pathname,
      query: Object.fromEntries(url.searchParams),
      headers: request.headers,
      body: text === "" ? undefined : JSON.parse(text),
    };
    this.requests.push(seen);
    const answer = this.#answers.get(`${seen.method} ${seen.path}`);
    if (answer === undefined) refuse(response, 404, "NotFound", `${seen.path} not found`);
    else answer(seen, response);
  }
}

/** A kubeconfig with one context, `test`, for a server without credentials. */
export function kubeconfigFor(server: string): string {
  return JSON.stringify({
    apiVersion: "v1",
    kind: "Config",
    clusters: [{ name: "test", cluster: { server } }],
    users: [{ name: "tester", user: {} }],
    contexts: [{ name: "test", context: { cluster: "test", user: "tester" } }],
    "current-context": "test",
  });
}

export function answerJson(response: ServerResponse, body: unknown, status = 200): void {
  response.writeHead(status, { "content-type": "application/json" });
  response.end(JSON.stringify(body));
}

/** A refusal in the API's own form. */
export function refuse(
  response: ServerResponse,
  code: number,
  reason: string,
  message: string,
): void {
  answerJson(
    response,
    { kind: "Status", apiVersion: "v1", status: "Failure", message, reason, code },
    code,
  );
}
