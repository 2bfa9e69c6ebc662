import { appendFileSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { exchangesFileName } from "#domain/ledger-record.ts";
import { temporaryFolder, writeExchanges } from "#test/properties/run-on-disk.ts";
import { anExchange, RESET } from "#test/support/builders.ts";
import { mergeShares } from "./merge-shares.ts";
import { readExchanges } from "./read-exchanges.ts";

describe("mergeShares", () => {
  it("writes one ledger in the order of ends, with each worker's pods, and counts each share", () => {
    using folder = temporaryFolder();
    const shares = ["0", "1"].map((name) => join(folder.path, "workers", name));
    for (const share of shares) mkdirSync(share, { recursive: true });
    const [first = "", second = ""] = shares;
    const browse = { stream: "browse" };
    writeExchanges(first, "browse", [
      anExchange({ ...browse, seq: 0, endedAtMs: 10, servedBy: "web-1" }),
      anExchange({ ...browse, seq: 2, endedAtMs: 30, servedBy: "web-2", late: true }),
    ]);
    writeExchanges(second, "browse", [
      anExchange({ ...browse, seq: 1, endedAtMs: 20, servedBy: "web-2" }),
      anExchange({ ...browse, seq: 3, endedAtMs: 25, servedBy: "web-3", outcome: RESET }),
    ]);
    appendFileSync(join(second, exchangesFileName("browse")), Buffer.alloc(13, 1)); // lost in the middle
    writeFileSync(join(first, "transactions.ndjson"), '{"endedAtMs":2}\n');
    writeFileSync(join(second, "transactions.ndjson"), '{"endedAtMs":1}\n{"ended');

    const counts = mergeShares(folder.path, shares, ["browse"]);

    const merged = [...readExchanges(folder.path, ["browse"])];
    expect(merged.map(({ seq, servedBy }) => `${seq} ${servedBy}`)).toEqual([
      "0 web-1",
      "1 web-2",
      "3 web-3",
      "2 web-2",
    ]);
    expect(counts).toMatchObject([
      [{ stream: "browse", scheduled: 2, ok: 2, late: 1 }],
      [{ stream: "browse", scheduled: 2, ok: 1, late: 0 }],
    ]);
    expect(readFileSync(join(folder.path, "transactions.ndjson"), "utf8")).toBe(
      '{"endedAtMs":1}\n{"endedAtMs":2}\n',
    );
    expect(() => mergeShares(folder.path, shares, ["browse"])).toThrow("EEXIST");
  });
});
