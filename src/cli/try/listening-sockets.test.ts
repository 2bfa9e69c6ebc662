import { expect, it } from "vitest";
import { listeningSockets } from "./listening-sockets.ts";

const HEADING = "  sl  local_address rem_address   st tx_queue rx_queue tr tm->when retrnsmt   uid";
const row = (address: string, state: string, inode: number) =>
  `   0: ${address} 00000000:0000 ${state} 00000000:00000000 00:00000000 00000000  1000        0 ${inode} 1 0 100`;

it("reads who listens where, and nothing of connections", () => {
  const table = [HEADING, row("0101037F:0BB8", "0A", 11), row("0100007F:1F90", "01", 12), ""];
  expect(listeningSockets(table.join("\n"))).toEqual([
    { address: "127.3.1.1", port: 3000, inode: "11" },
  ]);
});

it.each([
  ["00000000", "0.0.0.0"],
  ["00000000000000000000000000000000", "::"],
  ["00000000000000000000000001000000", "::1"],
  ["0000000000000000FFFF00000100007F", "127.0.0.1"],
  ["B80D0120000000000000000001000000", "2001:db8:0:0:0:0:0:1"],
])("reads the address %s as %s", (hex, address) => {
  expect(listeningSockets(`${HEADING}\n${row(`${hex}:0050`, "0A", 1)}`)).toEqual([
    { address, port: 80, inode: "1" },
  ]);
});
