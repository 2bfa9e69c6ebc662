import { spawn } from "node:child_process";
import { once } from "node:events";
import { expect, it } from "vitest";
import { findListeners } from "./find-listeners.ts";

it("finds where the processes listen that carry the mark, and no others", async () => {
  const marker = `LASTCALL_TRY=test-${process.pid}`;
  const program =
    'const s = require("net").createServer().listen(0, "127.0.0.1", () => console.log(s.address().port));';
  const [name = "", value] = marker.split("=");
  const child = spawn(process.execPath, ["-e", program], {
    env: { ...process.env, [name]: value, HOST: "127.9.9.9" },
    stdio: ["ignore", "pipe", "inherit"],
  });
  try {
    const [port] = await once(child.stdout, "data");
    expect(findListeners(marker)).toEqual([
      { address: "127.0.0.1", port: Number(port), host: "127.9.9.9" },
    ]);
    expect(findListeners(`${marker}0`)).toEqual([]);
  } finally {
    child.kill();
    await once(child, "exit");
  }
});
