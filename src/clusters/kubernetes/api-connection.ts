import http from "node:http";
import https from "node:https";
import type { KubeConfig } from "@kubernetes/client-node";
import { HarnessError } from "#domain/errors.ts";
import { type ApiAnswer, connectionFailure, notKubernetes, refusal } from "./api-errors.ts";

/** One request. `attempt` says in an error what it was for: `create Deployment shop/web`. */
export interface ApiCall {
  readonly attempt: string;
  readonly method: "GET" | "POST" | "PUT" | "PATCH" | "DELETE";
  readonly path: string;
  readonly query?: Readonly<Record<string, string>>;
  readonly body?: unknown;
  /** Absent: `application/json`. A patch says here which kind of patch it is. */
  readonly contentType?: string;
}

/** Longest wait for an answer; the API server's own limit for a request is 60 s, and ours are small. */
const ANSWER_LIMIT_MS = 30_000;

/** Idle connections are closed before any server closes them, so that no request meets a closing one. */
const IDLE_LIMIT_MS = 4_000;

/**
 * The conversation with one API server: plain JSON over kept connections, with the library's credentials
 * and certificates, asked for anew at each request so that rotated tokens are followed.
 *
 * The library's own request methods are not used: they open a new TLS connection for each request, which
 * widens the bracket around a deletion, they cannot be cancelled, drop the fields their version does not
 * know, and its watch gives up after 30 s of silence.
 */
export class ApiConnection {
  /** The server's address without a slash at its end: for requests and for people. */
  readonly server: string;
  readonly #config: KubeConfig;
  readonly #agent: http.Agent;
  readonly #proxied: boolean;
  readonly #closing = new AbortController();

  constructor(config: KubeConfig) {
    const cluster = config.getCurrentCluster();
    if (cluster === null) throw new TypeError("A kubeconfig without a current cluster got in.");
    this.server = cluster.server.replace(/\/$/, "");
    this.#config = config;
    this.#proxied = cluster.proxyUrl !== undefined && cluster.proxyUrl !== "";
    const keep = { keepAlive: true, timeout: IDLE_LIMIT_MS };
    this.#agent = this.server.startsWith("https:") ? new https.Agent(keep) : new http.Agent(keep);
  }

  /** Aborts when the connection is closed; whatever goes on over it ends then. */
  get closed(): AbortSignal {
    return this.#closing.signal;
  }

  /** The whole answer, whatever its status; throws only when there was none. */
  async request(call: ApiCall, signal: AbortSignal): Promise<ApiAnswer> {
    const late = new AbortController();
    const timer = setTimeout(
      () => late.abort(new Error(`no answer within ${ANSWER_LIMIT_MS / 1000} s`)),
      ANSWER_LIMIT_MS,
    );
    const stop = AbortSignal.any([signal, late.signal, this.closed]);
    try {
      return await readAnswer(await this.#send(call, stop));
    } catch (error) {
      signal.throwIfAborted();
      if (error instanceof HarnessError) throw error;
      throw connectionFailure(
        call.attempt,
        this.server,
        late.signal.aborted ? late.signal.reason : error,
      );
    } finally {
      clearTimeout(timer);
    }
  }

  /** The body of a successful answer; a refusal becomes an error with the API's own words. */
  async json<T>(call: ApiCall, signal: AbortSignal): Promise<T> {
    const answer = await this.request(call, signal);
    if (answer.status < 200 || answer.status > 299) throw refusal(call.attempt, answer);
    if (answer.body === undefined) throw notKubernetes(call.attempt, this.server, answer);
    return answer.body as T; // the API server is trusted to serve the kind that was asked for
  }

  /** Opens an answer that goes on for a while, as a watch does; it ends when the signal aborts. */
  async open(call: ApiCall, signal: AbortSignal): Promise<http.IncomingMessage> {
    return this.#send(call, AbortSignal.any([signal, this.closed]));
  }

  /** Cuts what goes on and frees the sockets. */
  close(): void {
    this.#closing.abort(new Error("the connection to the cluster was closed"));
    this.#agent.destroy();
  }

  async #send(call: ApiCall, signal: AbortSignal): Promise<http.IncomingMessage> {
    const { headers, ...options } = await this.#credentials(call.attempt);
    signal.throwIfAborted();
    const url = new URL(this.server + call.path);
    for (const [name, value] of Object.entries(call.query ?? {})) url.searchParams.set(name, value);
    const body = call.body === undefined ? undefined : JSON.stringify(call.body);
    const { promise, resolve, reject } = Promise.withResolvers<http.IncomingMessage>();
    const request = (url.protocol === "https:" ? https : http).request(
      url,
      {
        ...options,
        method: call.method,
        signal,
        headers: {
          ...(headers as http.OutgoingHttpHeaders | undefined), // the library sets an object, never an array
          accept: "application/json",
          "user-agent": "lastcall",
          ...(body !== undefined && {
            "content-type": call.contentType ?? "application/json",
            "content-length": Buffer.byteLength(body),
          }),
        },
      },
      resolve,
    );
    request.on("error", reject);
    request.end(body);
    return promise;
  }

  async #credentials(attempt: string): Promise<https.RequestOptions> {
    const options: https.RequestOptions = {};
    try {
      await this.#config.applyToHTTPSOptions(options);
    } catch (error) {
      const user = this.#config.getCurrentUser()?.name ?? "of this context";
      const words = error instanceof Error ? error.message.trim() : String(error);
      throw new HarnessError(
        "CREDENTIALS_FAILED",
        `Could not ${attempt}; the credentials of user ${user} could not be had: ${words}.`,
        {
          hint: "The kubeconfig names a plugin, token file or certificate for this user. `kubectl auth whoami` must work with the same context.",
          cause: error,
        },
      );
    }
    // The library's agent keeps no connection and pins the first certificate; only its proxies are needed.
    return this.#proxied ? options : { ...options, agent: this.#agent };
  }
}

/** Reads an answer to its end. */
export async function readAnswer(response: http.IncomingMessage): Promise<ApiAnswer> {
  response.setEncoding("utf8");
  let text = "";
  for await (const chunk of response) text += chunk;
  return { status: response.statusCode ?? 0, text, body: parseJson(text) };
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined; // a log, or a proxy's page: whoever wants JSON sees its text in the error
  }
}
