// @ts-check
"use strict";

/**
 * `porter` of the stand-in for agnhost: answers at each port that a variable names with the variable's value.
 * Of its ports only those for TCP without TLS: SERVE_PORT_80, SERVE_TCP_PORT_81.
 */
const PORT = /^SERVE_(?:TCP_)?PORT_(\d+)$/;

/**
 * @param {boolean} inJson
 * @param {(port: number, answer: import("node:http").RequestListener) => void} listen
 */
module.exports = function porter(inJson, listen) {
  for (const [name, value = ""] of Object.entries(process.env)) {
    const [, port] = PORT.exec(name) ?? [];
    if (port === undefined) continue;
    listen(Number(port), ({ method }, response) => {
      response.end(inJson ? JSON.stringify({ Method: method, Body: value }) : value);
    });
  }
};
