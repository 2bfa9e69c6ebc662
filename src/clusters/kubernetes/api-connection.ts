import http, { Agent } from "node:http";
import https from "node:https";
import { setTimeout as sleep } from "node:timers/promises";
import type { KubeConfig } from "@kubernetes/client-node";
import { HarnessError } from "#domain/errors.ts";
import { optional } from "#domain/optional.ts";
import { type ApiAnswer, connectionFailure, notKubernetes, refusal } from "./api-errors.ts";
import { Credentials } from "./credentials.ts";
import { retryPauseMs, type TryOutcome } from "./retry-pause.ts";

/** One request. `attempt` says in an error what it was for: `create Deployment shop/web`. */
export interface ApiCall {
  readonly attempt: string;
  readonly method: "GET" | "POST" | "PUT" | "PATCH" | "DELETE";
  readonly path: string;
  readonly query?: Readonly<Record<string, string>>;
  readonly body?: unknown;
  /** Absent: `application/json`. A patch says here which kind of patch it is. */
  readonly contentType?: string;
  /** Whatever comes back is the outcome: the caller has a use for it, or tries again by itself. */
  readonly once?: boolean;
}

/** Longest wait for an answer; the API server's own limit for a request is 60 s, and ours are small. */
const ANSWER_LIMIT_MS = 30_000;

/** Who is sent away for longer asks again after this. */
const LONGEST_RETRY_AFTER_SECONDS = 30;

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
  readonly #credentials: Credentials;
  readonly #agent: http.Agent;
  /** Through a SOCKS proxy, which only the library's agent can. */
  readonly #tunneled: boolean;
  #tunnel: Agent | undefined;
  readonly #closing = new AbortController();

  /** `reload` reads the kubeconfig again when the server does not know the user any more. */
  constructor(config: KubeConfig, reload?: () => Promise<KubeConfig>) {
    const cluster = config.getCurrentCluster();
    if (cluster === null) throw new TypeError("A kubeconfig without a current cluster got in.");
    this.server = cluster.server.replace(/\/$/, "");
    this.#credentials = new Credentials(config, reload);
    const { proxyUrl = "" } = cluster;
    this.#tunneled = proxyUrl.startsWith("socks");
    const proxy = this.#tunneled ? {} : proxyOf(this.server, proxyUrl);
    const keep = { keepAlive: true, timeout: IDLE_LIMIT_MS, ...proxy };
    this.#agent = this.server.startsWith("https:") ? new https.Agent(keep) : new http.Agent(keep);
  }

  /** The kubeconfig as it was read last. */
  get config(): KubeConfig {
    return this.#credentials.config;
  }

  /** Aborts when the connection is closed; whatever goes on over it ends then. */
  get closed(): AbortSignal {
    return this.#closing.signal;
  }

  /** The whole answer, whatever its status, after as many tries as do no harm; throws only when there was none. */
  async request(call: ApiCall, signal: AbortSignal): Promise<ApiAnswer> {
    for (let tries = { count: 1, pausedMs: 0 }; ; ) {
      const outcome = await this.#try(call, signal);
      const pauseMs = this.closed.aborted ? undefined : retryPauseMs(call, outcome, tries);
      if (pauseMs === undefined) {
        if (outcome.type === "answered") return outcome.answer;
        throw connectionFailure(call.attempt, this.server, outcome.error);
      }
      const stop = AbortSignal.any([signal, this.closed]);
      await sleep(pauseMs, undefined, { signal: stop }).catch(() => signal.throwIfAborted());
      tries = { count: tries.count + 1, pausedMs: tries.pausedMs + pauseMs };
    }
  }

  async #try(call: ApiCall, signal: AbortSignal): Promise<TryOutcome> {
    const late = new AbortController();
    const timer = setTimeout(
      () => late.abort(new Error(`no answer within ${ANSWER_LIMIT_MS / 1000} s`)),
      ANSWER_LIMIT_MS,
    );
    const stop = AbortSignal.any([signal, late.signal, this.closed]);
    try {
      return { type: "answered", answer: await readAnswer(await this.#send(call, stop)) };
    } catch (error) {
      signal.throwIfAborted();
      if (error instanceof HarnessError) throw error; // no credentials: it was not even sent
      return { type: "broke", error: late.signal.aborted ? late.signal.reason : error };
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
    this.#tunnel?.destroy();
  }

  /** A 401 says that nothing was done: with credentials that are read anew the request is sent once more. */
  async #send(call: ApiCall, signal: AbortSignal): Promise<http.IncomingMessage> {
    const used = this.config;
    const response = await this.#sendOnce(call, signal);
    if (response.statusCode !== 401) {
      this.#credentials.accepted();
      return response;
    }
    if (!(await this.#credentials.renew(used))) return response;
    response.resume();
    return await this.#sendOnce(call, signal);
  }

  async #sendOnce(call: ApiCall, signal: AbortSignal): Promise<http.IncomingMessage> {
    const given = await this.#credentials.optionsFor(call.attempt, signal);
    // The library's agents keep no connection to be used again, and never end the one to a proxy.
    this.#tunnel = this.#tunneled && given.agent instanceof Agent ? given.agent : undefined;
    const { headers, ...options } = { ...given, agent: this.#tunnel ?? this.#agent };
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
}

/**
 * The proxy that the kubeconfig names, or else the environment (HTTPS_PROXY, NO_PROXY), which counts as it
 * does for kubectl: never for this machine itself.
 */
function proxyOf(server: string, proxyUrl: string): { readonly proxyEnv?: NodeJS.ProcessEnv } {
  if (proxyUrl !== "") return { proxyEnv: { HTTP_PROXY: proxyUrl, HTTPS_PROXY: proxyUrl } };
  const { hostname } = new URL(server);
  const isHere = hostname === "localhost" || hostname === "[::1]" || hostname.startsWith("127.");
  return isHere ? {} : { proxyEnv: process.env };
}

/** Reads an answer to its end. */
export async function readAnswer(response: http.IncomingMessage): Promise<ApiAnswer> {
  response.setEncoding("utf8");
  let text = "";
  for await (const chunk of response) text += chunk;
  const retryAfterMs = readRetryAfter(response.headers["retry-after"]);
  const status = response.statusCode ?? 0;
  return { status, text, body: parseJson(text), ...optional("retryAfterMs", retryAfterMs) };
}

/** The API server writes seconds; a proxy's date, and more patience than anybody has, are not followed. */
function readRetryAfter(header: string | undefined): number | undefined {
  const seconds = Number(header);
  return seconds > 0 ? Math.min(seconds, LONGEST_RETRY_AFTER_SECONDS) * 1000 : undefined;
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined; // a log, or a proxy's page: whoever wants JSON sees its text in the error
  }
}
