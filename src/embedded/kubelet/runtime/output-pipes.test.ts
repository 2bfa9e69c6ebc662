import { once } from "node:events";
import { mkdtempSync, readdirSync, rmSync, statSync, writeSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { closeWriteEnds, OutputPipes } from "./output-pipes.ts";

describe("OutputPipes", () => {
  let directory: string;
  beforeEach(() => {
    directory = mkdtempSync(join(tmpdir(), "lastcall-pipes-"));
  });
  afterEach(() => rmSync(directory, { recursive: true, force: true }));

  async function use(pipes: OutputPipes, text: string): Promise<string> {
    const pipe = await pipes.take();
    if (pipe === undefined) throw new TypeError("This machine has no mkfifo.");
    let read = "";
    pipe.output.setEncoding("utf8").on("data", (chunk: string) => {
      read += chunk;
    });
    writeSync(pipe.writeEnd, text);
    closeWriteEnds([pipe]);
    await once(pipe.output, "close");
    return read;
  }

  it("give what was written, and end with the last copy of the write end", async () => {
    expect(await use(new OutputPipes(directory), "all of it")).toBe("all of it");
  });

  it("do not run out, and are not mixed up", async () => {
    const pipes = new OutputPipes(directory);
    const texts = Array.from({ length: 150 }, (_, n) => String(n));
    expect(await Promise.all(texts.map((text) => use(pipes, text)))).toEqual(texts);
  });

  it("are each node's own where several share a directory, and a name goes with its use", async () => {
    const nodes = [1, 2, 3].map(() => new OutputPipes(directory));
    const read = await Promise.all(nodes.map((pipes, n) => use(pipes, String(n))));
    expect(read).toEqual(["0", "1", "2"]);
    const left = readdirSync(directory, { recursive: true }).filter((name) =>
      statSync(join(directory, String(name))).isFIFO(),
    );
    expect(left).toHaveLength(3 * 63);
  });

  it("are not given where none can be made", async () => {
    const pipes = new OutputPipes(join(directory, "missing"));
    expect([await pipes.take(), await pipes.take()]).toEqual([undefined, undefined]);
  });
});
