import { generateKeyPairSync } from "node:crypto";
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { type SignOff, signRun } from "./sign-run.ts";
import { verifyRun } from "./verify-run.ts";

let folder: string;
let run: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "lastcall-sign-"));
  run = join(folder, "2026-11-24T10-00-00Z-shop");
  mkdirSync(join(run, "attachments"), { recursive: true });
  writeFileSync(join(run, "result.json"), '{"verdict":"pass"}');
  writeFileSync(join(run, "report.html"), "<p>pass");
  writeFileSync(join(run, "attachments/log.txt"), "hello");
});
afterEach(() => rmSync(folder, { recursive: true }));

/** Returns the paths of a new key's two halves. */
function aKey(name: string, type: "ed25519" | "x25519" = "ed25519") {
  const { privateKey, publicKey } =
    type === "ed25519" ? generateKeyPairSync("ed25519") : generateKeyPairSync("x25519");
  const own = join(folder, `${name}.pem`);
  const shared = join(folder, `${name}.pub.pem`);
  writeFileSync(own, privateKey.export({ type: "pkcs8", format: "pem" }));
  writeFileSync(shared, publicKey.export({ type: "spki", format: "pem" }));
  return { own, shared };
}

function anApproval(key: string): SignOff {
  const signedAt = "2026-11-24T12:00:00.000Z";
  return { key, signer: "Ann Lee", decision: "approve", comment: "ship it", signedAt };
}

describe("a signed run", () => {
  it("is intact as long as nobody touches it", async () => {
    const { own, shared } = aKey("ann");
    await signRun(run, anApproval(own));
    expect(await verifyRun(run, shared)).toMatchObject({
      type: "intact",
      statement: {
        run: "2026-11-24T10-00-00Z-shop",
        verdict: "pass",
        signer: "Ann Lee",
        decision: "approve",
        comment: "ship it",
      },
    });
  });

  it("names every file that was changed, removed or added, in folders too", async () => {
    const { own, shared } = aKey("ann");
    await signRun(run, anApproval(own));
    writeFileSync(join(run, "attachments/log.txt"), "hullo");
    rmSync(join(run, "report.html"));
    writeFileSync(join(run, "summary.md"), "fine");
    expect(await verifyRun(run, shared)).toEqual({
      type: "broken",
      problems: [
        "attachments/log.txt was changed.",
        "report.html is missing.",
        "summary.md was added.",
      ],
    });
  });

  it("rests on the files of the repetitions that a series names", async () => {
    const { own, shared } = aKey("ann");
    const series = join(folder, "2026-11-24T10-05-00Z-shop-series");
    mkdirSync(series);
    writeFileSync(join(series, "result.json"), '{"verdict":"pass"}');
    writeFileSync(join(series, "pool.json"), '{"runs":["../2026-11-24T10-00-00Z-shop"]}');
    await signRun(series, anApproval(own));
    writeFileSync(join(run, "report.html"), "<p>fail");
    expect(await verifyRun(series, shared)).toEqual({
      type: "broken",
      problems: ["../2026-11-24T10-00-00Z-shop/report.html was changed."],
    });
  });

  it("does not stand when its statement was changed", async () => {
    const { own, shared } = aKey("ann");
    const file = await signRun(run, anApproval(own));
    writeFileSync(file, readFileSync(file, "utf8").replace("approve", "reject"));
    expect(await verifyRun(run, shared)).toMatchObject({ type: "broken" });
    writeFileSync(file, "{");
    expect(await verifyRun(run, shared)).toMatchObject({ type: "broken" });
  });

  it("may be signed by several people, each of whom is checked alone", async () => {
    const ann = aKey("ann");
    const bob = aKey("bob");
    await signRun(run, anApproval(ann.own));
    await signRun(run, { ...anApproval(bob.own), signer: "Bob", decision: "reject" });
    expect(await verifyRun(run, ann.shared)).toMatchObject({ statement: { signer: "Ann Lee" } });
    expect(await verifyRun(run, bob.shared)).toMatchObject({ statement: { decision: "reject" } });
  });

  it("is not signed twice with one key, nor found signed by another", async () => {
    const { own } = aKey("ann");
    await signRun(run, anApproval(own));
    await expect(signRun(run, anApproval(own))).rejects.toMatchObject({ code: "SIGNED_ALREADY" });
    const stranger = aKey("eve").shared;
    await expect(verifyRun(run, stranger)).rejects.toMatchObject({ code: "NOT_SIGNED" });
  });
});

describe("what cannot be signed", () => {
  it("a folder without a verdict", async () => {
    const { own } = aKey("ann");
    writeFileSync(join(run, "result.json"), "{}");
    await expect(signRun(run, anApproval(own))).rejects.toMatchObject({ code: "NOT_JUDGED" });
    rmSync(join(run, "result.json"));
    await expect(signRun(run, anApproval(own))).rejects.toMatchObject({ code: "NOT_JUDGED" });
  });

  it("with what is no key, or one of another kind", async () => {
    const nothing = join(folder, "nothing.pem");
    await expect(signRun(run, anApproval(nothing))).rejects.toMatchObject({ code: "NO_KEY" });
    const { own } = aKey("other", "x25519");
    await expect(signRun(run, anApproval(own))).rejects.toMatchObject({ code: "WRONG_KEY" });
  });
});
