import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { connect, type Socket } from "node:net";
import { text } from "node:stream/consumers";
import { testNetns } from "./open-test-network.ts";

/** Runs a few lines of Node.js in the namespace of a pod. */
export function inPod(pod: string, script: string): ChildProcess {
  const join = `--net=${testNetns.namespaceOf(pod)}`;
  return spawn("nsenter", [join, "--", process.execPath, "-e", script], {
    stdio: ["ignore", "pipe", "inherit"],
  });
}

/** Answers each line with its name; like any program that knows of no pod, it binds every address. */
const SERVER = `
require("node:net").createServer((socket) => {
  socket.on("error", () => {});
  socket.on("data", () => socket.write(process.env.NAME));
}).listen(8080, "0.0.0.0", () => console.log("ready"));`;

/** A pod with a program on port 8080 that says its address. */
export async function startPod(pod: string): Promise<() => Promise<void>> {
  await testNetns.createPod(pod);
  const program = inPod(pod, `process.env.NAME = ${JSON.stringify(pod)};${SERVER}`);
  if (program.stdout) await once(program.stdout, "data");
  return async () => {
    const exited = once(program, "exit");
    program.kill("SIGKILL");
    await exited;
    await testNetns.removePod(pod);
  };
}

/** A connection of a client outside, kept open. */
export class Client {
  readonly #socket: Socket;

  private constructor(socket: Socket) {
    this.#socket = socket;
  }

  static async connect(host: string, port: number, localPort?: number): Promise<Client> {
    const socket = connect({ host, port, localPort });
    try {
      await once(socket, "connect", { signal: AbortSignal.timeout(700) });
    } catch (error) {
      socket.destroy();
      throw error;
    }
    return new Client(socket);
  }

  /** Which pod this connection leads to. */
  async ask(): Promise<string> {
    const answer = once(this.#socket, "data");
    this.#socket.write("?");
    return String((await answer)[0]);
  }

  close(): void {
    this.#socket.resetAndDestroy();
  }
}

/** Which pod a new connection leads to, or how connecting failed. */
export async function dial(host: string, port: number, localPort?: number): Promise<string> {
  try {
    const client = await Client.connect(host, port, localPort);
    const answer = await client.ask();
    client.close();
    return answer;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code ?? String(error); // of a socket
  }
}

/** The same for a client inside a pod. */
export async function dialFrom(pod: string, host: string, port: number): Promise<string> {
  const program = inPod(
    pod,
    `const socket = require("node:net").connect(${port}, "${host}");
    setTimeout(() => socket.destroy(Object.assign(new Error(), { code: "ABORT_ERR" })), 700).unref();
    socket.on("connect", () => socket.write("?"));
    socket.on("data", (data) => { console.log(String(data)); process.exit(); });
    socket.on("error", (error) => console.log(error.code));`,
  );
  const [answer] = await Promise.all([
    program.stdout && text(program.stdout),
    once(program, "exit"),
  ]);
  return answer?.trim() ?? "";
}
