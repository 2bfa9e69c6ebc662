/** One address behind a Service port, with the conditions that its EndpointSlice gave it. */
export interface Backend {
  readonly address: string;
  readonly port: number;
  readonly nodeName?: string;
  readonly ready: boolean;
  readonly serving: boolean;
  readonly terminating: boolean;
}

/**
 * Who may get a new connection: every Ready endpoint; when there is none at all, those that terminate and
 * still serve. One Ready endpoint left is enough for the terminating ones to get nothing.
 *
 * With `onlyOnNode` (the Local traffic policies) only that node's endpoints count, for both questions.
 */
export function eligibleBackends(
  backends: readonly Backend[],
  onlyOnNode?: string,
): readonly Backend[] {
  const reachable =
    onlyOnNode === undefined
      ? backends
      : backends.filter(({ nodeName }) => nodeName === onlyOnNode);
  const ready = reachable.filter((backend) => backend.ready);
  if (ready.length > 0) return ready;
  return reachable.filter(({ serving, terminating }) => serving && terminating);
}

/** Each with the same probability; `random` is in [0, 1). */
export function pickBackend(
  eligible: readonly Backend[],
  random: () => number,
): Backend | undefined {
  return eligible[Math.floor(random() * eligible.length)];
}
