import { once } from "node:events";
import { createServer } from "node:net";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { probeTcp } from "./tcp-probe.ts";

describe("probeTcp", () => {
  const listener = createServer((socket) => socket.destroy());
  const { signal } = new AbortController();
  let port: number;

  beforeEach(async () => {
    listener.listen(0, "127.0.0.1");
    await once(listener, "listening");
    port = (listener.address() as { port: number }).port; // a TCP address
  });

  afterEach(async () => {
    listener.close();
    await once(listener, "close");
  });

  it("finds an open port", async () => {
    expect(await probeTcp({ host: "127.0.0.1", port, timeoutMs: 1_000 }, signal)).toBe("open");
  });

  it("says why a port is not open", async () => {
    const answer = await probeTcp({ host: "127.0.0.1", port: 1, timeoutMs: 1_000 }, signal);
    expect(answer).toBe("ECONNREFUSED");
  });

  it("is an answer to nothing when it is aborted", async () => {
    const aborted = AbortSignal.abort(new Error("interrupted"));
    const probing = probeTcp({ host: "127.0.0.1", port, timeoutMs: 1_000 }, aborted);
    await expect(probing).rejects.toThrow("interrupted");
  });
});
