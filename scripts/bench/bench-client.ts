/** What a client says it saw. */
export interface ClientCount {
  readonly ok: number;
  /** Everything that it knows was not answered, or was answered with an error. */
  readonly notOk: number;
}

/**
 * A load tool on trial: it sends about as many requests as asked, over as many connections. One that has
 * lost count of its own requests waits for answers that will not come, until the signal ends it.
 */
export interface BenchClient {
  readonly name: string;
  /** It is stopped in the middle of up to as many requests as it has connections, and counts none of them. */
  readonly stopsByTime?: true;
  run(url: string, amount: BenchAmount, signal?: AbortSignal): Promise<ClientCount>;
}

export interface BenchAmount {
  readonly requests: number;
  readonly perSecond: number;
  readonly connections: number;
}
