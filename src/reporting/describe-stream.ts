import type { LoadStream } from "#domain/load-profile.ts";
import { formatCount } from "./format-quantity.ts";

/** `200/s, a new connection per request`. */
export function describeStream(stream: LoadStream): string {
  const rate = `${formatCount(stream.arrival.perSecond)}/s`;
  switch (stream.type) {
    case "reused":
      return `${rate} over ${stream.connections} kept connections`;
    case "fresh":
      return `${rate}, a new connection for each`;
    case "transactions":
      return `${rate} transactions of ${stream.steps.length} steps`;
    case "websocket":
      return `${rate} messages over ${stream.connections} connections held open`;
  }
}
