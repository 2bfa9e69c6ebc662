import type https from "node:https";
import type { KubeConfig } from "@kubernetes/client-node";
import { HarnessError } from "#domain/errors.ts";

/**
 * What a request has to carry so that the server knows the user, asked of the client library for each
 * request anew: token files and plugins' credentials change while a run goes on.
 */
export class Credentials {
  readonly #reload: (() => Promise<KubeConfig>) | undefined;
  #config: KubeConfig;
  #asking: Promise<https.RequestOptions> | undefined;
  #renewing: Promise<void> | undefined;
  /** What was read then was not accepted yet: to read it over and over would be of no use. */
  #readAnewAtMs: number | undefined;

  /** `reload` reads the kubeconfig again: the library keeps a plugin's answer until it says that it expires. */
  constructor(config: KubeConfig, reload?: () => Promise<KubeConfig>) {
    this.#config = config;
    this.#reload = reload;
  }

  get config(): KubeConfig {
    return this.#config;
  }

  /** Headers, certificates and proxy of one request; a plugin that hangs ends with the signal. */
  async optionsFor(attempt: string, signal: AbortSignal): Promise<https.RequestOptions> {
    // Requests that come together share one answer: a plugin may open a browser, or count its calls.
    this.#asking ??= this.#ask().finally(() => {
      this.#asking = undefined;
    });
    try {
      return await unlessAborted(this.#asking, signal);
    } catch (error) {
      signal.throwIfAborted();
      throw credentialsFailed(this.#config, attempt, error);
    }
  }

  async #ask(): Promise<https.RequestOptions> {
    const options: https.RequestOptions = {};
    await this.#config.applyToHTTPSOptions(options);
    return options;
  }

  /** The server knew the user. */
  accepted(): void {
    this.#readAnewAtMs = undefined;
  }

  /**
   * After a 401: reads the credentials anew, once for all requests that were refused together. False when
   * those of `used` are the newest there are, for all that is known now.
   */
  async renew(used: KubeConfig): Promise<boolean> {
    if (this.#config !== used) return true; // another request has renewed them meanwhile
    if (this.#renewing === undefined) {
      if (this.#reload === undefined || !this.#mayReadAnew()) return false;
      this.#readAnewAtMs = performance.now();
      this.#renewing = this.#reload()
        .then((config) => {
          this.#config = config;
        })
        .finally(() => {
          this.#renewing = undefined;
        });
    }
    await this.#renewing;
    return true;
  }

  #mayReadAnew(): boolean {
    const readAtMs = this.#readAnewAtMs;
    return readAtMs === undefined || performance.now() - readAtMs > READ_AGAIN_AFTER_MS;
  }
}

/** The new credentials may be written some time after the old ones are refused; so long a plugin is left alone. */
const READ_AGAIN_AFTER_MS = 10_000;

async function unlessAborted<T>(work: Promise<T>, signal: AbortSignal): Promise<T> {
  const over = new AbortController();
  const aborted = new Promise<never>((_, reject) => {
    signal.addEventListener("abort", () => reject(signal.reason), { signal: over.signal });
  });
  try {
    return await Promise.race([work, aborted]);
  } finally {
    over.abort();
  }
}

function credentialsFailed(config: KubeConfig, attempt: string, error: unknown): HarnessError {
  const user = config.getCurrentUser()?.name ?? "of this context";
  const words = error instanceof Error ? error.message.trim() : String(error);
  return new HarnessError(
    "CREDENTIALS_FAILED",
    `Could not ${attempt}; the credentials of user ${user} could not be had: ${words}.`,
    {
      hint: "The kubeconfig names a plugin, token file or certificate for this user. `kubectl auth whoami` must work with the same context.",
      cause: error,
    },
  );
}
