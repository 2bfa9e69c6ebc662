import { appendFile, mkdtemp, readdir, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import type { UndoStep } from "#domain/undo-step.ts";
import { createUndoLog, findUndoLogs, type UndoLogHeader, undoDirectory } from "./undo-log.ts";

let directory: string;
const HEADER: UndoLogHeader = {
  format: 1,
  runId: "r1",
  startedAt: "2026-11-24T10:00:00.000Z",
  process: { pid: 7 },
  cluster: "context:ci",
  namespace: "shop",
};
const node = (name: string): UndoStep => ({
  type: "created",
  object: { apiVersion: "v1", kind: "Namespace", name },
});

beforeEach(async () => {
  directory = join(await mkdtemp(join(tmpdir(), "lastcall-undo-")), "undo");
});

afterEach(async () => {
  await rm(join(directory, ".."), { recursive: true });
});

const found = async () =>
  (await findUndoLogs(directory)).map(({ header, log }) => ({ header, steps: log.steps }));

describe("an undo log", () => {
  it("is not there before the first step, and holds every step when it was recorded", async () => {
    const log = createUndoLog(directory, HEADER);
    expect(await found()).toEqual([]);
    await log.record(node("a"));
    expect(await found()).toEqual([{ header: HEADER, steps: [node("a")] }]);
    await log.record(node("b"));
    expect(await found()).toEqual([{ header: HEADER, steps: [node("a"), node("b")] }]);
  });

  it("can be read after its last line was cut short", async () => {
    await createUndoLog(directory, HEADER).record(node("a"));
    await appendFile(join(directory, "r1.ndjson"), '{"type":"created","obj');
    expect(await found()).toEqual([{ header: HEADER, steps: [node("a")] }]);
  });

  it("keeps what is left, marked as ended, and is gone with the last step", async () => {
    const log = createUndoLog(directory, HEADER);
    await log.record(node("a"));
    await log.record(node("b"));
    await log.keep([node("b")], { ended: true });
    expect(await found()).toEqual([{ header: { ...HEADER, ended: true }, steps: [node("b")] }]);
    await log.keep([], { ended: true });
    expect(await readdir(directory)).toEqual([]);
  });

  it("keeps what waits for another try as a killed run leaves it", async () => {
    const log = createUndoLog(directory, HEADER);
    await log.record(node("a"));
    await log.record(node("b"));
    await log.keep([node("b")], { ended: false });
    expect(await found()).toEqual([{ header: HEADER, steps: [node("b")] }]);
  });

  it("forgets a step without being marked as ended", async () => {
    const log = createUndoLog(directory, HEADER);
    const made = node("a");
    await log.record(made);
    await log.record(node("b"));
    await log.forget(made);
    expect(await found()).toEqual([{ header: HEADER, steps: [node("b")] }]);
  });

  it("is found with those of other runs, the oldest first", async () => {
    await createUndoLog(directory, HEADER).record(node("a"));
    const older = { ...HEADER, runId: "r0", startedAt: "2026-11-23T10:00:00.000Z" };
    await createUndoLog(directory, older).record(node("a"));
    expect((await found()).map(({ header }) => header.runId)).toEqual(["r0", "r1"]);
  });

  it("refuses to begin where it cannot be written, and says what to set", async () => {
    await createUndoLog(directory, HEADER).record(node("a"));
    const [file = ""] = await readdir(directory);
    const log = createUndoLog(join(directory, file, "undo"), HEADER);
    await expect(log.record(node("a"))).rejects.toMatchObject({
      code: "NO_UNDO_LOG",
      hint: expect.stringContaining("XDG_STATE_HOME"),
    });
  });

  it("lives where the user's state does", () => {
    expect(undoDirectory({ XDG_STATE_HOME: "/state" })).toBe("/state/lastcall/undo");
    expect(undoDirectory({})).toMatch(/\/\.lastcall\/undo$/);
  });
});
