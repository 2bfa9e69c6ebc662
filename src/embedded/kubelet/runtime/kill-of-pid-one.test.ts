import { describe, expect, it } from "vitest";
import { killOfPidOne } from "./kill-of-pid-one.ts";

describe("killOfPidOne", () => {
  it.each([
    [["/bin/kill", "-s", "TERM", "1"], "SIGTERM"],
    [["kill", "-KILL", "1"], "SIGKILL"],
    [["kill", "1"], "SIGTERM"],
    [["kill", "-9", "1"], "SIGKILL"],
    [["kill", "-SIGHUP", "1"], "SIGHUP"],
    [["/bin/sh", "-c", "kill -s USR1 1"], "SIGUSR1"],
  ])("knows %j", (command, signal) => {
    expect(killOfPidOne(command)).toBe(signal);
  });

  it.each([
    [["kill", "-TERM", "12"]],
    [["kill", "-TERM", "1", "2"]],
    [["kill", "-NONSENSE", "1"]],
    [["/bin/sh", "-c", "kill -TERM 1; sleep 1"]],
    [["/bin/echo", "kill", "-TERM", "1"]],
    [["node", "-c", "kill -TERM 1"]],
  ])("takes %j for something else", (command) => {
    expect(killOfPidOne(command)).toBeUndefined();
  });
});
