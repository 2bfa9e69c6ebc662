// @ts-check
"use strict";

/** `/dial` of the stand-in for agnhost: asks another server for its caller, so often, over HTTP or UDP. */
const { createSocket } = require("node:dgram");
const http = require("node:http");

const TIMEOUT_MS = 5_000;

/** @param {URLSearchParams} query @param {import("node:http").ServerResponse} response */
module.exports = async function dial(query, response) {
  const target = { host: query.get("host") ?? "", port: Number(query.get("port")) };
  const request = query.get("request") ?? "";
  const ask = { "": askHttp, http: askHttp, udp: askUdp }[
    (query.get("protocol") ?? "").toLowerCase()
  ];
  if (request === "" || ask === undefined) {
    const why = ask === undefined ? "unsupported protocol" : "request parameter not specified";
    response.writeHead(400).end(`${why}\n`);
    return;
  }
  /** @type {string[]} */
  const responses = [];
  /** @type {string[]} */
  const errors = [];
  for (let tries = Number(query.get("tries") || 1); tries > 0; tries--) {
    await ask(target, request).then(
      (text) => responses.push(text),
      (error) => errors.push(String(error)),
    );
  }
  const found = {
    ...(responses.length > 0 && { responses }),
    ...(errors.length > 0 && { errors }),
  };
  response.end(JSON.stringify(found));
};

/**
 * @param {{ host: string, port: number }} target
 * @param {string} request
 * @returns {Promise<string>}
 */
function askHttp(target, request) {
  return new Promise((resolve, reject) => {
    const options = { ...target, path: `/${request}`, timeout: TIMEOUT_MS, agent: false };
    const asked = http.get(options, (answer) => {
      let text = "";
      answer.on("data", (chunk) => {
        text += chunk;
      });
      answer.on("end", () => resolve(text));
    });
    asked.on("timeout", () => asked.destroy(new Error("timeout")));
    asked.on("error", reject);
  });
}

/**
 * @param {{ host: string, port: number }} target
 * @param {string} request
 * @returns {Promise<string>}
 */
function askUdp({ host, port }, request) {
  return new Promise((resolve, reject) => {
    const socket = createSocket("udp4");
    const end = setTimeout(() => finish(() => reject(new Error("timeout"))), TIMEOUT_MS);
    /** @param {() => void} settle */
    const finish = (settle) => {
      clearTimeout(end);
      socket.close();
      settle();
    };
    socket.on("message", (message) => finish(() => resolve(message.toString())));
    socket.on("error", (error) => finish(() => reject(error)));
    socket.send(request, port, host);
  });
}
