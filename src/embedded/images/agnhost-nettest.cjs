// @ts-check
"use strict";

/** `nettest` of the stand-in for agnhost: counts who has written to it, and tells. */

/** @type {Record<string, number>} */
const received = {};

/**
 * @param {import("node:http").IncomingMessage} request
 * @param {import("node:http").ServerResponse} response
 */
module.exports = function nettest(request, response) {
  const { pathname } = new URL(request.url ?? "/", "http://agnhost");
  if (pathname === "/read") {
    response.setHeader("content-type", "application/json");
    response.end(JSON.stringify({ Hostname: process.env["HOSTNAME"], Received: received }));
    return;
  }
  if (pathname !== "/write") {
    response.end();
    return;
  }
  let body = "";
  request.on("data", (chunk) => {
    body += chunk;
  });
  request.on("end", () => {
    const source = sourceOf(body);
    if (source === undefined) response.writeHead(400);
    else received[source] = (received[source] ?? 0) + 1;
    response.end("{}");
  });
};

/** @param {string} body */
function sourceOf(body) {
  try {
    const { Source } = JSON.parse(body);
    return typeof Source === "string" ? Source : undefined;
  } catch {
    return undefined;
  }
}
