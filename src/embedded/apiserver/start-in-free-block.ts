import { type ApiServer, startApiServer } from "./start-api-server.ts";

/** A cluster's part of the loopback network: `127.<block>.0.0/16`. */
export interface AddressBlock {
  readonly block: number;
  readonly server: ApiServer;
}

const API_PORT = 6443;
const FIRST_BLOCK = 1;
const LAST_BLOCK = 250;

/**
 * Starts an API server on `127.<block>.0.1:6443` of the first block, from a random one on, that no other
 * cluster holds. Binding the port is the lock: whoever has it owns all addresses of the block, and a
 * killed cluster leaves nothing behind that would keep it.
 */
export async function startInFreeBlock(clusterSecret: string): Promise<AddressBlock> {
  const count = LAST_BLOCK - FIRST_BLOCK + 1;
  const start = Math.floor(Math.random() * count);
  for (let step = 0; step < count; step++) {
    const block = FIRST_BLOCK + ((start + step) % count);
    const server = await startUnlessTaken(block, clusterSecret);
    if (server !== undefined) return { block, server };
  }
  throw new Error(
    `Port ${API_PORT} is taken on every address from 127.${FIRST_BLOCK}.0.1 to 127.${LAST_BLOCK}.0.1: too many embedded clusters are running.`,
  );
}

async function startUnlessTaken(
  block: number,
  clusterSecret: string,
): Promise<ApiServer | undefined> {
  const address = `127.${block}.0.1`;
  try {
    return await startApiServer({
      address,
      port: API_PORT,
      serviceAddressPrefix: `127.${block}.250`,
      clusterSecret,
    });
  } catch (error) {
    const code = error instanceof Error && "code" in error ? error.code : undefined;
    if (code === "EADDRINUSE") return undefined;
    if (code !== "EADDRNOTAVAIL") throw error;
    throw new Error(
      `This machine does not answer on ${address}. The embedded cluster gives every pod an address in 127.0.0.0/8, which only Linux offers without setting up aliases.`,
      { cause: error },
    );
  }
}
