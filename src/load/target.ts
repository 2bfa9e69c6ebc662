import { isIP, isIPv6 } from "node:net";
import { UsageError } from "#domain/errors.ts";

/** Where the load goes, taken apart once. */
export interface Target {
  readonly secure: boolean;
  /** The entrances, at least one; connections are spread over them. */
  readonly hosts: readonly string[];
  /** By which a server with a certificate is known; absent where the URL has an address in place of a name. */
  readonly serverName?: string;
  readonly port: number;
  /** For the `Host` header: without the port where it is the scheme's own. */
  readonly authority: string;
  /** Stands before the path of every request; empty or without a slash at its end. */
  readonly basePath: string;
}

/** Takes `http://…` or `https://…` apart; anything else is the user's mistake. */
export function parseTarget(baseUrl: string, hosts?: readonly string[]): Target {
  const url = URL.canParse(baseUrl) ? new URL(baseUrl) : undefined;
  if (url === undefined || (url.protocol !== "http:" && url.protocol !== "https:"))
    throw new UsageError("BAD_LOAD_URL", `The load cannot be sent to "${baseUrl}".`, {
      hint: "Give an absolute URL that begins with http:// or https://.",
    });
  const secure = url.protocol === "https:";
  const bare = url.hostname.replace(/^\[|\]$/g, "");
  const host = isIPv6(bare) ? bare : url.hostname;
  return {
    secure,
    hosts: hosts === undefined || hosts.length === 0 ? [host] : hosts,
    ...(isIP(host) === 0 && { serverName: host }),
    port: url.port === "" ? (secure ? 443 : 80) : Number(url.port),
    authority: url.host,
    basePath: url.pathname.replace(/\/+$/, ""),
  };
}

/** An address where a connection is opened, and which of the entrances that is, from 1. */
export interface Entrance {
  readonly host: string;
  readonly number: number;
}

/** Where the connection of this number is opened: each entrance has its share of them. */
export function entranceOf({ hosts }: Target, connection: number): Entrance {
  const place = connection % hosts.length;
  return { host: hosts[place] ?? "", number: place + 1 };
}
