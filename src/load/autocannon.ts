import type { EventEmitter } from "node:events";
import { createRequire } from "node:module";
import { HarnessError } from "#domain/errors.ts";

/**
 * The parts of autocannon that the load uses. Those with an underscore are private to it: they are why
 * the version is pinned and checked, and why the load certifies itself before a run.
 */
export interface AutocannonClient extends EventEmitter {
  /** Where a request is written to and what ends with the client. */
  conn: AutocannonConnection;
  readonly parser: AutocannonParser;
  readonly pipelinedRequests: { clear(): void; addByteCount(bytes: number): void };
  readonly destroyed: boolean;
  destroy(): void;
  getRequestBuffer(): Buffer;
  _connect(): void;
  _doRequest(): void;
  _destroyConnection(): void;
}

interface AutocannonConnection {
  write(bytes: Buffer): void;
}

/** Autocannon keeps its own answer handlers in numbered places of its parser. */
interface AutocannonParser {
  readonly constructor: unknown;
  readonly [place: number]: (head: {
    readonly statusCode: number;
    readonly headers: readonly string[];
  }) => void;
}

/** What autocannon counted, to be compared with the ledger. */
export interface AutocannonResult {
  readonly "1xx": number;
  readonly "2xx": number;
  readonly "3xx": number;
  readonly "4xx": number;
  readonly "5xx": number;
  readonly errors: number;
}

interface AutocannonOptions {
  readonly url: string;
  readonly connections: number;
  readonly pipelining: 1;
  readonly duration: number;
  readonly timeout: number;
  readonly sampleInt: number;
  setupClient(client: AutocannonClient): void;
}

/** Going on from the moment it is made; resolves once `stop` has ended it. */
export interface AutocannonRun extends PromiseLike<AutocannonResult> {
  stop(): void;
}

/** The function that the package exports. */
export type Autocannon = (options: AutocannonOptions) => AutocannonRun;

/** The only version whose inside is known. */
const VERSION = "9.0.0";

/** Throws a HarnessError for any version but the known one: what it does inside may have changed. */
export function loadAutocannon(): Autocannon {
  const require = createRequire(import.meta.url);
  requireVersion((require("autocannon/package.json") as { readonly version: string }).version);
  return require("autocannon") as Autocannon;
}

/** Exported for its own sake: that another version is refused has to be seen. */
export function requireVersion(version: string): void {
  if (version !== VERSION)
    throw new HarnessError(
      "AUTOCANNON_VERSION",
      `Reused connections need autocannon ${VERSION}, and ${version} is installed.`,
      { hint: `Run npm ci, or npm install --save-exact autocannon@${VERSION}.` },
    );
}
