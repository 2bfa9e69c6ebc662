import { isIPv6 } from "node:net";
import { UsageError } from "#domain/errors.ts";

/** Where the load goes, taken apart once. */
export interface Target {
  readonly secure: boolean;
  readonly host: string;
  readonly port: number;
  /** For the `Host` header: without the port where it is the scheme's own. */
  readonly authority: string;
  /** Stands before the path of every request; empty or without a slash at its end. */
  readonly basePath: string;
}

/** Takes `http://…` or `https://…` apart; anything else is the user's mistake. */
export function parseTarget(baseUrl: string): Target {
  const url = URL.canParse(baseUrl) ? new URL(baseUrl) : undefined;
  if (url === undefined || (url.protocol !== "http:" && url.protocol !== "https:"))
    throw new UsageError("BAD_LOAD_URL", `The load cannot be sent to "${baseUrl}".`, {
      hint: "Give an absolute URL that begins with http:// or https://.",
    });
  const secure = url.protocol === "https:";
  const bare = url.hostname.replace(/^\[|\]$/g, "");
  return {
    secure,
    host: isIPv6(bare) ? bare : url.hostname,
    port: url.port === "" ? (secure ? 443 : 80) : Number(url.port),
    authority: url.host,
    basePath: url.pathname.replace(/\/+$/, ""),
  };
}
