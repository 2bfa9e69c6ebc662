// @ts-check
"use strict";

/**
 * As much of netcat as tests use: `nc [-u] [-v] [-z] [-t] [-w SECONDS] HOST PORT` sends its input and prints
 * what comes back, until the other side has ended or nothing has come for so long.
 */
const { lookup } = require("node:dns");
const { createSocket } = require("node:dgram");
const { connect } = require("node:net");

const { flags, host, port, idleMs } = parse(process.argv.slice(2));
const isUdp = flags.has("u");

if (isUdp) overUdp();
else overTcp();

/** @param {readonly string[]} argv */
function parse(argv) {
  const flags = new Set();
  /** @type {string[]} */
  const rest = [];
  let idleMs = 0;
  for (let index = 0; index < argv.length; index++) {
    const word = argv[index] ?? "";
    if (word === "-w") idleMs = Number(argv[++index]) * 1_000;
    else if (word === "-p") index += 1;
    else if (word.startsWith("-")) for (const letter of word.slice(1)) flags.add(letter);
    else rest.push(word);
  }
  return { flags, host: rest[0] ?? "", port: Number(rest[1]), idleMs };
}

function overTcp() {
  const socket = connect({ host, port, family: 4 });
  const tooLong = idleMs > 0 ? setTimeout(() => fail("Connection timed out"), idleMs) : undefined;
  socket.on("connect", () => {
    clearTimeout(tooLong);
    tell(`Connection to ${host} ${port} port [tcp/*] succeeded!`);
    if (flags.has("z")) process.exit(0);
    if (idleMs > 0) socket.setTimeout(idleMs, () => process.exit(0));
    process.stdin.pipe(socket);
    socket.pipe(process.stdout);
  });
  socket.on("close", () => process.exit(0));
  socket.on("error", (error) => fail("code" in error ? String(error.code) : error.message));
}

function overUdp() {
  lookup(host, 4, (error, address) => {
    if (error) return fail(error.message);
    const socket = createSocket("udp4");
    socket.on("error", (problem) => fail(problem.message));
    socket.on("message", (message) => {
      process.stdout.write(message);
      idle.refresh();
    });
    const idle = setTimeout(() => process.exit(0), idleMs || 3_600_000);
    socket.connect(port, address, () => {
      tell(`Connection to ${host} ${port} port [udp/*] succeeded!`);
      process.stdin.on("data", (chunk) => socket.send(chunk));
    });
  });
}

/** @param {string} text */
function tell(text) {
  if (flags.has("v")) process.stderr.write(`${text}\n`);
}

/** @param {string} why */
function fail(why) {
  tell(`nc: connect to ${host} port ${port} (${isUdp ? "udp" : "tcp"}) failed: ${why}`);
  process.exit(1);
}
