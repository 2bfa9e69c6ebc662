import { type ApiServer, startApiServer } from "./start-api-server.ts";

/** The API server of a cluster, and with it the number that no other cluster of this machine has. */
export interface AddressBlock {
  readonly block: number;
  readonly server: ApiServer;
}

/** Not 6443: a k3s or kubeadm of this machine listens there on every address, and would leave no block free. */
const API_PORT = 26443;
const FIRST_BLOCK = 1;
const LAST_BLOCK = 250;

/** Where a cluster's pods and Services are, once its block is known. */
export type NetworkOf = (block: number) => {
  /** Services get `<prefix>.250.1` to `<prefix>.250.254`. */
  readonly prefix: string;
  /** Where pods reach the API server, if they cannot at its own address. */
  readonly advertiseAddress?: string;
};

/**
 * Starts an API server on `127.<block>.0.1:26443` of the first block, from a random one on, that no other
 * cluster holds. Binding the port is the lock: whoever has it owns all addresses of the block, and a
 * killed cluster leaves nothing behind that would keep it.
 */
export async function startInFreeBlock(
  clusterSecret: string,
  networkOf: NetworkOf,
): Promise<AddressBlock> {
  const count = LAST_BLOCK - FIRST_BLOCK + 1;
  const start = Math.floor(Math.random() * count);
  for (let step = 0; step < count; step++) {
    const block = FIRST_BLOCK + ((start + step) % count);
    const server = await startUnlessTaken(block, clusterSecret, networkOf);
    if (server !== undefined) return { block, server };
  }
  throw new Error(
    `Port ${API_PORT} is taken on every address from 127.${FIRST_BLOCK}.0.1 to 127.${LAST_BLOCK}.0.1: something listens there on all addresses (\`ss -ltnp\` shows what), or too many embedded clusters are running.`,
  );
}

async function startUnlessTaken(
  block: number,
  clusterSecret: string,
  networkOf: NetworkOf,
): Promise<ApiServer | undefined> {
  const address = `127.${block}.0.1`;
  const { prefix, advertiseAddress } = networkOf(block);
  try {
    return await startApiServer({
      address,
      port: API_PORT,
      serviceAddressPrefix: `${prefix}.250`,
      advertiseAddress,
      clusterSecret,
    });
  } catch (error) {
    const code = error instanceof Error && "code" in error ? error.code : undefined;
    if (code === "EADDRINUSE") return undefined;
    if (code !== "EADDRNOTAVAIL") throw error;
    throw new Error(
      `This machine does not answer on ${address}. The embedded cluster has its addresses in 127.0.0.0/8, which only Linux offers without setting up aliases.`,
      { cause: error },
    );
  }
}
