import { mkdtempSync, readFileSync, rmSync, statSync, truncateSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { LedgerFile } from "./ledger-file.ts";

let directory: string;
beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), "lastcall-ledger-"));
});
afterEach(() => rmSync(directory, { recursive: true }));

describe("LedgerFile", () => {
  it("holds every record in order, however many chunks they fill", async () => {
    const path = join(directory, "records");
    const file = await LedgerFile.create(path);
    const count = 100_000;
    for (let number = 0; number < count; number++) {
      file.append(8, (view, offset) => view.setFloat64(offset, number, true));
      if (number % 12_345 === 0) file.flush();
    }
    expect(file.size).toBe(8 * count);
    await file.close();
    const bytes = readFileSync(path);
    const numbers = new Float64Array(bytes.buffer, bytes.byteOffset, bytes.length / 8);
    expect(numbers).toHaveLength(count);
    expect(numbers.every((value, index) => value === index)).toBe(true);
  });

  it("takes lines longer than a chunk", async () => {
    const path = join(directory, "lines");
    const file = await LedgerFile.create(path);
    const lines = ["short", "x".repeat(600_000), "é", "y".repeat(200_000)];
    for (const line of lines) file.appendLine(line);
    await file.close();
    expect(readFileSync(path, "utf8")).toBe(`${lines.join("\n")}\n`);
  });

  it("shows whole records to a reader while it grows", async () => {
    const path = join(directory, "growing");
    const file = await LedgerFile.create(path);
    file.appendLine("one");
    file.flush();
    file.appendLine("two");
    await vi.waitUntil(() => statSync(path).size > 0);
    expect(readFileSync(path, "utf8")).toBe("one\n");
    await file.close();
    expect(readFileSync(path, "utf8")).toBe("one\ntwo\n");
  });

  it("refuses a file that another run has written", async () => {
    const path = join(directory, "taken");
    await (await LedgerFile.create(path)).close();
    await expect(LedgerFile.create(path)).rejects.toMatchObject({ code: "LEDGER_NOT_WRITTEN" });
  });

  it("says at the end that what was appended is not all there", async () => {
    const path = join(directory, "cut");
    const file = await LedgerFile.create(path);
    file.appendLine("one");
    file.flush();
    await vi.waitUntil(() => statSync(path).size > 0);
    truncateSync(path, 1);
    await expect(file.close()).rejects.toMatchObject({
      code: "LEDGER_NOT_WRITTEN",
      message: expect.stringContaining("1 of 4 bytes"),
    });
  });
});
