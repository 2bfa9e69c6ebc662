import type { WebsocketStream } from "#domain/load-profile.ts";
import { ARRIVAL } from "./read-arrival.ts";
import { HEADERS, PATH, TEMPLATE } from "./read-request.ts";
import { readTimeouts } from "./read-timeouts.ts";
import { COUNT, NAME } from "./readers.ts";
import type { Reader, YamlFields } from "./yaml-value.ts";

/** A message without its key could be answered by anything; the key ends in a number. */
const MESSAGE: Reader<string> = {
  expected: "a text that holds {{key}}, with no digit after it",
  read: (value) => {
    const text = TEMPLATE.read(value);
    if (text === undefined || /\{\{key\}\}(?!\d|\{\{)/.test(text)) return text;
    return value.refuse(MESSAGE.expected);
  },
};

/** The members of a stream of type websocket; the caller refuses the others. */
export function readWebsocket(fields: YamlFields, replicas: number): WebsocketStream | undefined {
  const name = fields.optional("name", NAME) ?? "websocket";
  const arrival = fields.required("rate", ARRIVAL);
  const path = fields.required("path", PATH);
  const headers = fields.optional("headers", HEADERS) ?? {};
  const message = fields.optional("message", MESSAGE) ?? "{{key}}";
  // Several to each pod, so that no pod leaves without one.
  const connections = fields.optional("connections", COUNT) ?? 8 * replicas;
  const timeouts = readTimeouts(fields);
  if (arrival === undefined || path === undefined) return undefined;
  return { type: "websocket", name, arrival, path, headers, message, connections, timeouts };
}
