/** Writes one JSON line to stdout, which is what a cluster collects. */
export type Log = (event: string, facts?: Readonly<Record<string, unknown>>) => void;

/** Every line names the pod, so that the lines of many pods can be read together. */
export function logFor(pod: string): Log {
  return (event, facts = {}) => {
    process.stdout.write(
      `${JSON.stringify({ at: new Date().toISOString(), pod, event, ...facts })}\n`,
    );
  };
}
