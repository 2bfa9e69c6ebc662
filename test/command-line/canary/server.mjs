/**
 * A workload that is careless and hostile: it says its secrets to whoever listens, calls itself by markup now and
 * then, and exits at once when it is told to go.
 */
import { appendFileSync } from "node:fs";
import { createServer } from "node:http";
import { text } from "node:stream/consumers";

const { HOST, PORT, POD_NAME, TOKEN, WITNESS } = process.env;
process.stdout.write(`token ${TOKEN}\n::error::forged by a log line\n`);
let answers = 0;
/** What it was told is written down once for each kind of request. */
const told = new Set();
createServer((request, response) => {
  answers += 1;
  const { method, headers } = request;
  if (headers.authorization !== undefined && !told.has(method)) {
    told.add(method);
    text(request).then((body) =>
      appendFileSync(WITNESS, `${JSON.stringify(headers)} ${body} ${TOKEN}\n`),
    );
  }
  const markup = "<script>alert(1)</script><img src=x onerror=alert(1)>";
  const fails = answers % 97 === 0;
  response.setHeader("x-pod", fails || answers % 20 === 0 ? markup : POD_NAME);
  response.setHeader("x-echo", `${request.headers.cookie ?? ""} ${TOKEN}`);
  response.statusCode = fails ? 500 : 200;
  response.end(
    `${TOKEN} ${request.headers.authorization ?? ""} ${markup}\n::error::forged by a body\n`,
  );
}).listen(Number(PORT), HOST);
process.on("SIGTERM", () => process.exit(3));
