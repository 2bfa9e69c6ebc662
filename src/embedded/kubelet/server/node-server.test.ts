import { once } from "node:events";
import { type IncomingMessage, request } from "node:http";
import { WebSocket } from "undici";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { Node, Pod } from "#embedded/api/objects.ts";
import { NODES } from "#embedded/api/resources.ts";
import {
  isRunning,
  shell,
  startTestNode,
  type TestNode,
} from "#embedded/kubelet/testing/test-node.ts";

describe("the node's server", () => {
  let here: TestNode;
  let base: string;
  const headers = { authorization: "Bearer secret" };

  beforeAll(async () => {
    here = await startTestNode();
    const status = (await here.api.get<Node>(NODES, "node-1"))?.status;
    const endpoints = status?.["daemonEndpoints"] as { kubeletEndpoint: { Port: number } };
    const address = (type: string) => status?.addresses?.find((one) => one.type === type)?.address;
    const host = address("InternalDNS") ?? address("InternalIP");
    base = `${host}:${endpoints.kubeletEndpoint.Port}`;
  });
  afterAll(() => here.stop());

  const restarts = (pod: Pod | undefined) => pod?.status.containerStatuses?.[0]?.restartCount ?? 0;
  async function logs(path: string): Promise<string> {
    return (await fetch(`http://${base}/containerLogs/test/${path}`, { headers })).text();
  }

  it("shows nothing to who does not know the cluster's secret", async () => {
    expect((await fetch(`http://${base}/containerLogs/test/web/app`)).status).toBe(401);
  });

  it("gives the log of a container, its end, with time stamps, or cut to a size", async () => {
    const script =
      "echo one; echo two >&2; printf three; trap 'exit 0' TERM; while :; do sleep 0.02; done";
    await here.api.createPod("talking", { containers: [shell(script)] });
    await expect.poll(() => logs("talking/app")).toBe("one\ntwo\n");
    expect(await logs("talking/app?tailLines=1")).toBe("two\n");
    expect(await logs("talking/app?limitBytes=2")).toBe("on");
    expect(await logs("talking/app?sinceTime=2100-01-01T00:00:00Z")).toBe("");
    expect(await logs("talking/app?timestamps=true&tailLines=1")).toMatch(
      /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{9}Z two\n$/,
    );
  });

  it("follows a log to the end of the container", async () => {
    const script = "echo one; sleep 0.3; echo two; printf three";
    await here.api.createPod("ending", { restartPolicy: "Never", containers: [shell(script)] });
    await here.api.untilPod("ending", isRunning);
    expect(await logs("ending/app?follow=true")).toBe("one\ntwo\nthree");
    await here.api.untilPod("ending", (pod) => pod?.status.phase === "Succeeded");
    expect(await logs("ending/app")).toBe("one\ntwo\nthree");
  });

  it("keeps the log of the previous instance", async () => {
    const script =
      'test -e "$HOME/../../0/home/mark" && { echo second; sleep 60; }; touch "$HOME/mark"; echo first';
    await here.api.createPod("again", { containers: [shell(script)] });
    await here.api.untilPod("again", (pod) => restarts(pod) === 1);
    await expect.poll(() => logs("again/app")).toBe("second\n");
    expect(await logs("again/app?previous=true")).toBe("first\n");
  });

  it("says why there is no log", async () => {
    await here.api.createPod("waiting", { containers: [{ name: "app", image: "unknown" }] });
    await here.api.untilPod("waiting", (pod) => pod?.status.startTime !== undefined);
    await expect
      .poll(() => logs("waiting/app"))
      .toMatch(/^container "app" in pod "waiting" is waiting to start: (Err|)Image/);
    expect(await logs("waiting/app?previous=1")).toBe(
      'previous terminated container "app" in pod "waiting" not found\n',
    );
    expect(await logs("nobody/app")).toBe('pod "nobody_test" not found\n');
  });

  describe("exec", () => {
    beforeAll(async () => {
      await here.api.createPod("shell", { containers: [shell("while :; do sleep 0.02; done")] });
      await here.api.untilPod("shell", isRunning);
    });

    /** Everything that came on each channel, as text. */
    function exec(command: readonly string[], input?: string) {
      return talk("exec/test/shell/app", command, input);
    }

    async function talk(path: string, command: readonly string[], input?: string) {
      const query = new URLSearchParams({ stdout: "true", stderr: "true" });
      if (input !== undefined) query.set("stdin", "true");
      for (const part of command) query.append("command", part);
      const socket = new WebSocket(`ws://${base}/${path}?${query}`, {
        protocols: ["v5.channel.k8s.io", "v4.channel.k8s.io"],
        headers,
      });
      socket.binaryType = "arraybuffer";
      const channels: Record<number, string> = {};
      socket.addEventListener("message", ({ data }) => {
        const [channel = 255, ...content] = new Uint8Array(data as ArrayBuffer);
        channels[channel] = (channels[channel] ?? "") + Buffer.from(content).toString();
      });
      await once(socket, "open");
      if (input !== undefined) {
        socket.send(Buffer.from(`\0${input}`));
        socket.send(Buffer.from([255, 0]));
      }
      await once(socket, "close");
      const { 1: stdout, 2: stderr, 3: status = "null" } = channels;
      return { stdout, stderr, status: JSON.parse(status) as unknown };
    }

    it("runs a command with its input and gives what it wrote", async () => {
      const script = "cat; echo problem >&2";
      expect(await exec(["/bin/sh", "-c", script], "typed")).toEqual({
        stdout: "typed",
        stderr: "problem\n",
        status: { metadata: {}, status: "Success" },
      });
    });

    it("reports the exit code as Kubernetes does", async () => {
      expect((await exec(["sh", "-c", "exit 7"])).status).toMatchObject({
        status: "Failure",
        reason: "NonZeroExitCode",
        details: { causes: [{ reason: "ExitCode", message: "7" }] },
      });
    });

    it("tells who speaks the first protocol of a failure in words, and of a success in none", async () => {
      expect((await plain("exec/test/shell/app?stdout=1&command=echo&command=done"))[1]).toBe(
        "done\n",
      );
      const failed = await plain("exec/test/shell/app?stdout=1&command=false");
      expect(failed[3]).toBe("command terminated with non-zero exit code: exit status 1");
    });

    it("gives a log as the messages of a WebSocket", async () => {
      const { protocol, messages } = await all("containerLogs/test/shell/app", "binary.k8s.io");
      expect(protocol).toBe("binary.k8s.io");
      expect(Buffer.concat(messages).toString()).toBe(await logs("shell/app"));
    });

    async function plain(path: string): Promise<Record<number, string>> {
      const { messages } = await all(path, "channel.k8s.io");
      return Object.fromEntries(
        messages.map(([channel, ...rest]) => [channel, Buffer.from(rest).toString()]),
      );
    }

    async function all(path: string, protocol: string) {
      const socket = new WebSocket(`ws://${base}/${path}`, { protocols: [protocol], headers });
      socket.binaryType = "arraybuffer";
      const messages: Buffer[] = [];
      socket.addEventListener("message", ({ data }) =>
        messages.push(Buffer.from(data as ArrayBuffer)),
      );
      await once(socket, "close");
      return { protocol: socket.protocol, messages };
    }

    it("says so when there is no such program", async () => {
      const { status } = await exec(["nonesuch"]);
      expect(status).toMatchObject({ status: "Failure", reason: "InternalError" });
      expect(JSON.stringify(status)).toContain("executable file not found in $PATH");
    });

    it("sees the files of its own container below /tmp", async () => {
      await exec(["touch", "/tmp/lastcall-exec-test"]);
      const { stdout } = await exec(["sh", "-c", "ls $TMPDIR"]);
      expect(stdout).toBe("lastcall-exec-test\n");
    });

    it("attaches to the main process, until that ends", async () => {
      const script = "read line; printf 'got %s' $line";
      const stdin = { stdin: true, stdinOnce: true };
      const containers = [shell(script, stdin)];
      await here.api.createPod("reader", { restartPolicy: "Never", containers });
      await here.api.untilPod("reader", isRunning);
      expect(await talk("attach/test/reader/app", [], "typed\n")).toEqual({
        ...{ stdout: "got typed", stderr: undefined },
        status: { metadata: {}, status: "Success" },
      });
    });

    it("lets a client go that has no more to type, and keeps the input for the next", async () => {
      const containers = [shell("while read line; do echo got $line; done", { stdin: true })];
      await here.api.createPod("listener", { containers });
      await here.api.untilPod("listener", isRunning);
      const path = "attach/test/listener/app";
      const success = { metadata: {}, status: "Success" };
      expect((await talk(path, [], "one\n")).status).toEqual(success);
      expect((await talk(path, [], "two\n")).status).toEqual(success);
      await expect.poll(() => logs("listener/app")).toBe("got one\ngot two\n");
    });

    it("does not attach to what has ended: its log has everything", async () => {
      await here.api.createPod("over", { restartPolicy: "Never", containers: [shell("echo x")] });
      await here.api.untilPod("over", (pod) => pod?.status.phase === "Succeeded");
      const upgrade = { connection: "Upgrade", upgrade: "SPDY/3.1" };
      const attach = request(`http://${base}/attach/test/over/app?stdout=true`, {
        headers: { ...headers, ...upgrade },
      });
      attach.end();
      const [refusal] = (await once(attach, "response")) as [IncomingMessage];
      expect(refusal.statusCode).toBe(500);
      const [text] = (await once(refusal, "data")) as [Buffer];
      expect(text.toString()).toBe("container app not found in pod over_test\n");
    });

    it("carries output of any length", async () => {
      const { stdout } = await exec(["sh", "-c", "head -c 300000 /dev/zero | tr '\\0' x"]);
      expect(stdout).toHaveLength(300_000);
    });
  });
});
