/** Time since the run began, monotonic. The only source of instants in a run. */
export interface Clock {
  nowMs(): number;
  sleep(ms: number, signal: AbortSignal): Promise<void>;
}
