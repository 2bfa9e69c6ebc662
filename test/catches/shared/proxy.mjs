import { connect, createServer } from "node:net";

/** Stands in front of the program of its pod as a service mesh's proxy does, and exits on SIGTERM at once. */
const { HOST = "0.0.0.0", PORT = "8080", UPSTREAM_PORT = "8081" } = process.env;

const proxy = createServer({ allowHalfOpen: true, noDelay: true }, (client) => {
  const program = connect({ host: HOST, port: Number(UPSTREAM_PORT), allowHalfOpen: true });
  client.on("error", () => program.destroy()).pipe(program);
  program.on("error", () => client.destroy()).pipe(client);
});
proxy.listen(Number(PORT), HOST);

process.once("SIGTERM", () => process.exit(0));
