// @ts-check
"use strict";

/** As much of nslookup as tests use: prints the addresses that this machine or pod resolves a name to. */
const { lookup } = require("node:dns");

const name = process.argv[2] ?? "";
lookup(name, { family: 4, all: true }, (error, addresses) => {
  if (error) {
    process.stdout.write(`** server can't find ${name}: ${error.code ?? error.message}\n`);
    process.exit(1);
  }
  for (const { address } of addresses)
    process.stdout.write(`Name:\t${name}\nAddress: ${address}\n`);
});
