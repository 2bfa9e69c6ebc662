// @ts-check
"use strict";

/**
 * `netexec` of the stand-in for registry.k8s.io/e2e-test-images/agnhost: an HTTP server that tests ask who
 * it is, what to echo, and to exit. On SIGTERM it goes on serving for `--delay-shutdown` seconds, then
 * exits with 0.
 *
 * Started for every pod, so its start counts: a plain CommonJS file is loaded twice as fast as a module
 * that imports node:http, and three times as fast as one whose types Node.js has to strip first.
 */
const http = require("node:http");

/** @typedef {import("node:http").IncomingMessage} Request */
/** @typedef {import("node:http").ServerResponse} Response */
/** @typedef {(query: URLSearchParams, response: Response, request: Request) => void} Route */

/** Whether SIGTERM has come. */
let leaving = false;

/** @type {Readonly<Record<string, Route>>} */
const ROUTES = {
  "/clientip": (_, response, { socket }) =>
    response.end(`${socket.remoteAddress}:${socket.remotePort}`),
  "/echo": (query, response) => {
    const code = query.get("code") ?? "";
    if (code !== "" && !/^-?\d+$/.test(code)) {
      response.end(`argument 'code' must be an integer or empty, got ${JSON.stringify(code)}\n`);
      return;
    }
    if (code !== "") response.statusCode = Number(code);
    response.end(query.get("msg") ?? "");
  },
  "/exit": exitWhenTold,
  "/header": (query, response, { headers }) =>
    response.end(String(headers[(query.get("key") ?? "").toLowerCase()] ?? "")),
  "/healthz": (_, response) => response.end(),
  "/hostName": (_, response) => response.end(hostname()),
  "/hostname": (_, response) => response.end(hostname()),
  "/dial": (query, response) => require("./agnhost-dial.cjs")(query, response),
  "/readyz": (_, response) =>
    response.writeHead(leaving ? 503 : 200).end(leaving ? "shutting down" : "ok"),
  "/serverport": (_, response, { socket }) => response.end(String(socket.localPort)),
  "/redirect": (query, response) => {
    const location = query.get("location") ?? "";
    response.writeHead(Number(query.get("code") || 302), { location }).end();
  },
  "/shell": runShell,
  "/shutdown": () => process.exit(0),
};

/**
 * What the image can do besides `pause`, which needs no Node.js.
 * @type {Readonly<Record<string, (argv: readonly string[]) => void>>}
 */
const SUBCOMMANDS = {
  netexec: (argv) => {
    const flags = parseFlags(argv);
    const delayMs = Number(flags.get("delay-shutdown") ?? 0) * 1_000;
    listen(Number(flags.get("http-port") ?? 8080), serve, delayMs);
    require("./agnhost-udp.cjs")(Number(flags.get("udp-port") ?? 8081), { hostname, log });
  },
  "serve-hostname": (argv) => {
    const port = Number(parseFlags(argv).get("port") ?? 9376);
    listen(port, (_, response) => void response.end(hostname()));
  },
  "test-webserver": (argv) => {
    const port = Number(parseFlags(argv).get("port") ?? 80);
    listen(
      port,
      (_, response) => void response.end("<html><body><h1>It works!</h1></body></html>\n"),
    );
  },
  // Healthy for ten seconds, and then not any more.
  liveness: () => {
    listen(8080, (_, response) => {
      const healthy = process.uptime() < 10;
      response.writeHead(healthy ? 200 : 500).end(healthy ? "ok" : `error: ${process.uptime()}`);
    });
  },
  "etc-hosts": () => void process.stdout.write(require("node:fs").readFileSync("/etc/hosts")),
  nettest: (argv) =>
    listen(Number(parseFlags(argv).get("port") ?? 8080), require("./agnhost-nettest.cjs")),
  porter: (argv) =>
    require("./agnhost-porter.cjs")(parseFlags(argv).get("json-response") === "true", listen),
  mounttest: (argv) => void require("./agnhost-mounttest.cjs")(parseFlags(argv)),
  "entrypoint-tester": (argv) => {
    process.stdout.write(`[${["/agnhost", "entrypoint-tester", ...argv].join(" ")}]\n`);
  },
};

main(process.argv.slice(2));

/** @param {readonly string[]} argv */
function main([subcommand = "", ...rest]) {
  const run = SUBCOMMANDS[subcommand];
  if (run === undefined) {
    const known = ["pause", ...Object.keys(SUBCOMMANDS)].join(", ");
    process.stderr.write(
      `Error: unknown command ${JSON.stringify(subcommand)} for "app": the embedded cluster's stand-in for agnhost has ${known}.\n`,
    );
    process.exit(1);
  }
  run(rest);
}

/**
 * Serves until SIGTERM, and then for the delay.
 * @param {number} port
 * @param {(request: Request, response: Response) => void} answer
 */
function listen(port, answer, delayMs = 0) {
  const server = http.createServer(answer);
  // As a Go server: a connection that is kept open is closed by its client, or by the end of the program.
  Object.assign(server, { keepAliveTimeout: 0, headersTimeout: 0, requestTimeout: 0 });
  process.on("SIGTERM", () => {
    leaving = true;
    if (delayMs > 0) log(`Sleeping ${delayMs / 1_000} seconds before terminating...`);
    setTimeout(() => process.exit(0), delayMs);
  });
  // All pods share the machine's network, so each binds its own address.
  server.listen(port, process.env["HOST"], () => log(`Started HTTP server on port ${port}`));
  server.on("error", (error) => {
    log(error.message);
    process.exit(1);
  });
}

/**
 * @param {Request} request
 * @param {Response} response
 */
function serve(request, response) {
  const { pathname, searchParams } = new URL(request.url ?? "/", "http://agnhost");
  log(`GET ${pathname}${searchParams.size > 0 ? `?${searchParams}` : ""}`);
  const route = ROUTES[pathname];
  if (route === undefined) response.end(`NOW: ${new Date().toISOString()}`);
  else route(searchParams, response, request);
}

/** @type {Route} `wait` and `timeout` are durations as Go writes them; the connections get `timeout` to end. */
function exitWhenTold(query, response) {
  const code = Number(query.get("code") ?? 0);
  const waitMs = durationMs(query.get("wait") ?? "");
  const timeoutMs = durationMs(query.get("timeout") ?? "");
  if (waitMs === undefined || timeoutMs === undefined || !Number.isInteger(code)) {
    response.end("arguments 'wait' and 'timeout' must be Go durations, 'code' an integer\n");
    return;
  }
  setTimeout(() => {
    if (timeoutMs === 0) process.exit(code);
    response.end();
    setTimeout(() => process.exit(code), timeoutMs);
  }, waitMs);
}

/** @type {Route} */
function runShell(query, response) {
  const command = query.get("shellCommand") || query.get("cmd") || "";
  const { spawn } = require("node:child_process");
  const child = spawn("/bin/sh", ["-c", command], { stdio: ["ignore", "pipe", "pipe"] });
  let output = "";
  for (const stream of [child.stdout, child.stderr]) stream.on("data", (text) => (output += text));
  child.on("close", (code, signal) => {
    const error = code === 0 ? undefined : signal ? `signal: ${signal}` : `exit status ${code}`;
    response.end(JSON.stringify({ ...(error && { error }), ...(output && { output }) }));
  });
}

function hostname() {
  return process.env["HOSTNAME"] ?? require("node:os").hostname();
}

/**
 * Flags as `--name=value`, `--name value`, or `--name` alone.
 * @param {readonly string[]} argv
 */
function parseFlags(argv) {
  /** @type {Map<string, string>} */
  const flags = new Map();
  for (let index = 0; index < argv.length; index++) {
    const [, name, value] = /^--?([^=]+)(?:=(.*))?$/.exec(argv[index] ?? "") ?? [];
    if (name === undefined) continue;
    const next = argv[index + 1];
    if (value !== undefined) flags.set(name, value);
    else if (next !== undefined && !next.startsWith("-")) flags.set(name, next);
    else flags.set(name, "true");
  }
  return flags;
}

/** @type {Readonly<Record<string, number>>} */
const UNITS_MS = { ms: 1, s: 1_000, m: 60_000, h: 3_600_000 };

/**
 * A duration as Go writes it, such as `1m30s`; undefined when it is none.
 * @param {string} text
 */
function durationMs(text) {
  if (text === "" || text === "0") return 0;
  if (!/^(?:\d+(?:\.\d+)?(?:ms|s|m|h))+$/.test(text)) return undefined;
  return [...text.matchAll(/(\d+(?:\.\d+)?)(ms|s|m|h)/g)].reduce(
    (sum, [, number, unit]) => sum + Number(number) * (UNITS_MS[unit ?? ""] ?? 0),
    0,
  );
}

/** @param {string} message */
function log(message) {
  const now = new Date().toISOString().slice(0, 19).replaceAll("-", "/").replace("T", " ");
  process.stderr.write(`${now} ${message}\n`);
}
