import { createServer } from "node:http";
import { setTimeout as sleep } from "node:timers/promises";

const { HOST = "0.0.0.0", HOSTNAME = "", PORT = "8080" } = process.env;

const server = createServer(async ({ url }, response) => {
  if (url?.startsWith("/slow")) await sleep(1_500);
  response.writeHead(200, { "x-pod": HOSTNAME, connection: "close", "content-length": 0 });
  response.end();
});
server.listen(Number(PORT), HOST);

// No connection outlives its answer, so closing the listener is all there is to do after preStop.
process.once("SIGTERM", () => server.close());
