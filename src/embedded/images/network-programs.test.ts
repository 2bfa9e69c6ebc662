import { spawn } from "node:child_process";
import { createSocket } from "node:dgram";
import { once } from "node:events";
import type { AddressInfo } from "node:net";
import { createServer } from "node:net";
import { join } from "node:path";
import { text } from "node:stream/consumers";
import { afterEach, describe, expect, it } from "vitest";

const opened: { close(): unknown }[] = [];
afterEach(() => {
  for (const one of opened.splice(0)) one.close();
});

/** Started by the name that a test pod of Kubernetes would call. */
async function program(name: string, args: readonly (string | number)[], input = "") {
  const child = spawn(join(import.meta.dirname, "bin", name), args.map(String));
  child.stdin.end(input);
  const [out, err, [code]] = await Promise.all([
    text(child.stdout),
    text(child.stderr),
    once(child, "close"),
  ]);
  return { code, out, err };
}

/** Answers what it is sent, doubled, and ends the connection. */
async function doublingServer(): Promise<number> {
  const server = createServer((socket) =>
    socket.once("data", (data) => socket.end(`${data}${data}`)),
  );
  opened.push(server);
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  return (server.address() as AddressInfo).port;
}

describe("the stand-in for nc", () => {
  it("sends its input over TCP and prints the answer", async () => {
    const port = await doublingServer();
    expect(await program("nc", ["127.0.0.1", port], "ho")).toEqual({
      code: 0,
      out: "hoho",
      err: "",
    });
  });

  it("says with -v that a port lets it in, and sends nothing with -z", async () => {
    const port = await doublingServer();
    const { code, out, err } = await program("nc", ["-vz", "-w", 2, "127.0.0.1", port], "ho");
    expect([code, out]).toEqual([0, ""]);
    expect(err).toBe(`Connection to 127.0.0.1 ${port} port [tcp/*] succeeded!\n`);
  });

  it("fails where nobody listens", async () => {
    const { code, err } = await program("nc", ["-v", "127.0.0.1", 1]);
    expect(code).toBe(1);
    expect(err).toBe("nc: connect to 127.0.0.1 port 1 (tcp) failed: ECONNREFUSED\n");
  });

  it("talks UDP until nothing has come for a while", async () => {
    const socket = createSocket("udp4");
    opened.push(socket);
    socket.on("message", (data, { port, address }) => socket.send(`${data}${data}`, port, address));
    socket.bind(0, "127.0.0.1");
    await once(socket, "listening");
    const { port } = socket.address();
    expect(await program("nc", ["-u", "-w", 1, "127.0.0.1", port], "ho")).toMatchObject({
      code: 0,
      out: "hoho",
    });
  });
});

describe("the stand-in for nslookup", () => {
  it("prints each address of a name", async () => {
    const { code, out } = await program("nslookup", ["localhost"]);
    expect(code).toBe(0);
    expect(out).toContain("Name:\tlocalhost\nAddress: 127.0.0.1\n");
  });

  it("fails for a name that nobody has", async () => {
    const { code, out } = await program("nslookup", ["nobody.invalid"]);
    expect(code).toBe(1);
    expect(out).toMatch(/^\*\* server can't find nobody\.invalid: /);
  });
});
