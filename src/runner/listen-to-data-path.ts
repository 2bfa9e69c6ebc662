import type { ServiceAddress } from "#ports/cluster.ts";
import type { Listening, WitnessListener } from "#ports/data-path-witness.ts";
import type { RunOptions } from "./run-options.ts";

const SECURE_PORT = 443;
const PLAIN_PORT = 80;

/** Listens to the cluster's data path where there is one to be heard, at the entrances that the load takes. */
export async function listenToDataPath(
  { url, hosts }: ServiceAddress,
  {
    cluster,
    clock,
    signal,
    ...listener
  }: Pick<RunOptions, "cluster" | "clock" | "signal"> & WitnessListener,
): Promise<Listening> {
  if (cluster.witness === undefined) return { stop: async () => undefined };
  const { port, protocol } = new URL(url);
  const entrances = {
    hosts,
    port: port === "" ? (protocol === "https:" ? SECURE_PORT : PLAIN_PORT) : Number(port),
  };
  return await cluster.witness.listen(entrances, listener, { clock, signal });
}
