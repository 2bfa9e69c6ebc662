// @ts-check
"use strict";

/** `netexec` over UDP, of the stand-in for agnhost: a word is asked, an answer comes. */
const { createSocket } = require("node:dgram");

/** @param {number} port @param {{ hostname: () => string, log: (message: string) => void }} own */
module.exports = function listenUdp(port, { hostname, log }) {
  if (!(port > 0)) return;
  const socket = createSocket("udp4");
  socket.on("message", (message, from) => {
    const [, command = "", rest = ""] = /^(\S*)\s?(.*)$/s.exec(message.toString().trimEnd()) ?? [];
    log(`Received "${command}"`);
    const answer = answerTo(command.toLowerCase(), rest, { hostname, from });
    if (answer !== undefined) socket.send(answer, from.port, from.address);
  });
  // The port may be another container's: only who asks over UDP notices.
  socket.on("error", (error) => log(error.message));
  socket.bind(port, process.env["HOST"], () => log(`Started UDP server on port ${port}`));
};

/**
 * @param {string} command
 * @param {string} rest
 * @param {{ hostname: () => string, from: import("node:dgram").RemoteInfo }} own
 */
function answerTo(command, rest, { hostname, from }) {
  switch (command) {
    case "hostname":
      return hostname();
    case "clientip":
      return `${from.address}:${from.port}`;
    case "echo":
      return rest;
    default:
      return undefined;
  }
}
