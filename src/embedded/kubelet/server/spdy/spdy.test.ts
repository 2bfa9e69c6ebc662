import { once } from "node:events";
import { request } from "node:http";
import { WebSocket } from "undici";
import { afterAll, beforeAll, describe, expect, it, vi } from "vitest";
import type { Node } from "#embedded/api/objects.ts";
import { NODES } from "#embedded/api/resources.ts";
import { encodeFrame, FrameParser, OPCODE } from "#embedded/kubelet/server/frame-parser.ts";
import { connectSpdy, SpdyClient } from "#embedded/kubelet/testing/spdy-client.ts";
import {
  isRunning,
  node,
  shell,
  startTestNode,
  type TestNode,
} from "#embedded/kubelet/testing/test-node.ts";

let here: TestNode;
let base: string;
const authorization = { authorization: "Bearer secret" };

/** Answers each connection with what it has said, and says goodbye when the client has finished. */
const ECHO = `
  require("node:net").createServer({ allowHalfOpen: true }, (socket) => {
    socket.on("data", (chunk) => socket.write("echo " + chunk));
    socket.on("end", () => socket.end("bye"));
  }).listen(7000, process.env.HOST);`;

beforeAll(async () => {
  here = await startTestNode();
  const status = (await here.api.get<Node>(NODES, "node-1"))?.status;
  const endpoints = status?.["daemonEndpoints"] as { kubeletEndpoint: { Port: number } };
  base = `${status?.addresses?.[0]?.address}:${endpoints.kubeletEndpoint.Port}`;
  await here.api.createPod("shell", { containers: [shell("while :; do sleep 0.02; done")] });
  await here.api.createPod("echo", { containers: [node(ECHO)] });
  await here.api.untilPod("shell", isRunning);
  await here.api.untilPod("echo", isRunning);
});
afterAll(() => here.stop());

async function connect(path: string, protocols: string) {
  const headers = { ...authorization, "x-stream-protocol-version": protocols };
  const connected = await connectSpdy(`http://${base}/${path}`, headers);
  if (typeof connected === "number") throw new Error(`refused with ${connected}`);
  return connected;
}

describe("exec over SPDY", () => {
  const exec = (command: readonly string[], stdin = false) => {
    const query = new URLSearchParams({ stdout: "true", stderr: "true" });
    if (stdin) query.set("stdin", "true");
    for (const part of command) query.append("command", part);
    return connect(`exec/test/shell/app?${query}`, "v4.channel.k8s.io, v3.channel.k8s.io");
  };

  it("begins when all streams are there, and gives output and outcome, each on its own", async () => {
    const script = "cat; echo problem >&2; exit 3";
    const { client, socket, protocol } = await exec(["sh", "-c", script], true);
    expect(protocol).toBe("v4.channel.k8s.io");
    const ids: number[] = [];
    for (const streamtype of ["error", "stdin", "stdout", "stderr"]) {
      ids.push(await client.open({ streamtype }));
    }
    const [error = 0, stdin = 0, stdout = 0, stderr = 0] = ids;
    client.write(stdin, "ty");
    client.write(stdin, "ped", true);
    await once(socket, "close");
    expect(client.streams.get(stdout)).toEqual({ text: "typed", ended: true, replied: true });
    expect(client.streams.get(stderr)).toEqual({ text: "problem\n", ended: true, replied: true });
    expect(JSON.parse(client.streams.get(error)?.text ?? "")).toMatchObject({
      status: "Failure",
      reason: "NonZeroExitCode",
      details: { causes: [{ reason: "ExitCode", message: "3" }] },
    });
  });

  it("carries output of any length", async () => {
    const { client, socket } = await exec(["sh", "-c", "head -c 300000 /dev/zero | tr '\\0' x"]);
    for (const streamtype of ["error", "stdout", "stderr"]) await client.open({ streamtype });
    await once(socket, "close");
    expect(client.streams.get(3)?.text).toHaveLength(300_000);
  });

  it("gives pings back", async () => {
    const { client, socket } = await exec(["true"]);
    client.ping(7);
    await vi.waitFor(() => expect(client.pings).toEqual([7]));
    socket.destroy();
  });

  it("is refused to who speaks no protocol that is known here", async () => {
    const headers = { ...authorization, "x-stream-protocol-version": "v0" };
    expect(await connectSpdy(`http://${base}/exec/test/shell/app?command=ls`, headers)).toBe(400);
  });

  it("ends the connection of who does not speak SPDY", async () => {
    const { socket } = await exec(["true"]);
    socket.write(Buffer.from("8003000100000010000000010000000000006e6f207a6c6962", "hex"));
    await once(socket, "close");
  });
});

describe("port-forward", () => {
  const PROTOCOL = "portforward.k8s.io";

  async function talk(client: SpdyClient, requestid: string, port = "7000") {
    const errors = await client.open({ streamtype: "error", port, requestid });
    const data = await client.open({ streamtype: "data", port, requestid });
    return {
      data,
      of: (id: number) => client.streams.get(id),
      errors,
      say: (text: string, final = false) => client.write(data, text, final),
    };
  }

  it("joins each pair of streams with a connection of its own", async () => {
    const { client, socket } = await connect("portForward/test/echo", PROTOCOL);
    const [one, two] = [await talk(client, "0"), await talk(client, "1")];
    two.say("two", true);
    one.say("one");
    await vi.waitFor(() =>
      expect(two.of(two.data)).toMatchObject({ text: "echo twobye", ended: true }),
    );
    expect(two.of(two.errors)).toMatchObject({ text: "", ended: true });
    await vi.waitFor(() =>
      expect(one.of(one.data)).toMatchObject({ text: "echo one", ended: false }),
    );
    socket.destroy();
  });

  it("tells what the pod refuses on the stream for errors", async () => {
    const { client, socket } = await connect("portForward/test/echo", PROTOCOL);
    const refused = await talk(client, "0", "7001");
    const address = `${here.podPrefix}.\\d+:7001`;
    await vi.waitFor(() => expect(refused.of(refused.errors)?.ended).toBe(true));
    expect(refused.of(refused.errors)?.text).toMatch(
      new RegExp(
        `^error forwarding port 7001 to pod echo: dial tcp ${address}: connect: connection refused$`,
      ),
    );
    expect(refused.of(refused.data)?.ended).toBe(true);
    socket.destroy();
  });

  it("goes through a WebSocket, as newer clients want it", async () => {
    const protocol = "SPDY/3.1+portforward.k8s.io";
    const sent = request(`http://${base}/portForward/test/echo`, {
      headers: {
        ...{ ...authorization, connection: "Upgrade", upgrade: "websocket" },
        "sec-websocket-key": "a2V5",
        "sec-websocket-protocol": protocol,
      },
    }).end();
    const [answer, socket, head] = await once(sent, "upgrade");
    expect(answer.headers["sec-websocket-protocol"]).toBe(protocol);
    const client = new SpdyClient((bytes) => socket.write(encodeFrame(OPCODE.binary, bytes)));
    const frames = new FrameParser();
    const take = (chunk: Buffer) => {
      for (const { payload } of frames.push(chunk)) client.push(payload);
    };
    socket.on("data", take);
    take(head);
    const one = await talk(client, "0");
    one.say("tunnel", true);
    await vi.waitFor(() => expect(one.of(one.data)?.text).toBe("echo tunnelbye"));
    socket.destroy();
  });

  it("has two channels for each port for other clients, each begins with the port", async () => {
    const socket = new WebSocket(`ws://${base}/portForward/test/echo?ports=7000&ports=7001`, {
      protocols: ["v4.channel.k8s.io"],
      headers: authorization,
    });
    socket.binaryType = "arraybuffer";
    const channels: Record<number, Buffer> = {};
    socket.addEventListener("message", ({ data }) => {
      const [channel = 255, ...content] = new Uint8Array(data as ArrayBuffer);
      channels[channel] = Buffer.concat([
        channels[channel] ?? Buffer.alloc(0),
        Buffer.from(content),
      ]);
    });
    await once(socket, "open");
    socket.send(Buffer.from("\0hello"));
    await vi.waitFor(() => expect(channels[0]?.toString("latin1")).toBe("\x58\x1becho hello"));
    await vi.waitFor(() =>
      expect(channels[3]?.toString("latin1")).toContain("\x59\x1berror forwarding"),
    );
    expect(channels[1]?.toString("latin1")).toBe("\x58\x1b");
    socket.close();
  });
});
