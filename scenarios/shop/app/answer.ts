import type { ServerResponse } from "node:http";

/** Answers with one JSON document, whose length is stated so that a cut answer can be told. */
export function answer(response: ServerResponse, status: number, body: object): void {
  const text = `${JSON.stringify(body)}\n`;
  response.writeHead(status, {
    "content-type": "application/json",
    "content-length": Buffer.byteLength(text),
  });
  response.end(text);
}
