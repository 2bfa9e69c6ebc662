/** A row of the kernel's table of sockets that accept connections. */
export interface ListeningSocket {
  readonly address: string;
  readonly port: number;
  readonly inode: string;
}

const LISTENING = "0A";

/** Reads /proc/net/tcp or tcp6. */
export function listeningSockets(table: string): readonly ListeningSocket[] {
  return table
    .split("\n")
    .slice(1)
    .flatMap((line) => {
      const [, local = "", , state, , , , , , inode = ""] = line.trim().split(/\s+/);
      const [address = "", port = ""] = local.split(":");
      if (state !== LISTENING) return [];
      return [{ address: readAddress(address), port: Number.parseInt(port, 16), inode }];
    });
}

/** Each word of four bytes is in the machine's own order, which is the small end first wherever Node 24 runs. */
function readAddress(hex: string): string {
  const words = hex.match(/.{8}/g) ?? [];
  const bytes = words.flatMap((word) => (word.match(/../g) ?? []).toReversed());
  if (bytes.length === 4) return v4(bytes);
  if (/^0{20}FFFF/i.test(bytes.join(""))) return v4(bytes.slice(12));
  const groups = (bytes.join("").match(/.{4}/g) ?? []).map((group) => Number.parseInt(group, 16));
  if (groups.every((group) => group === 0)) return "::";
  if (groups.slice(0, 7).every((group) => group === 0)) return `::${groups[7]?.toString(16)}`;
  return groups.map((group) => group.toString(16)).join(":");
}

function v4(bytes: readonly string[]): string {
  return bytes.map((byte) => Number.parseInt(byte, 16)).join(".");
}
