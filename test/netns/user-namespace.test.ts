import { spawn } from "node:child_process";
import { once } from "node:events";
import { text } from "node:stream/consumers";
import { fileURLToPath } from "node:url";
import { describe, expect, it } from "vitest";

/** A user without any right, to whom root's files belong: CI may have the sources where nobody else can read. */
const ORDINARY = ["unshare", "--user", "--map-user=1000", "--map-group=1000", "--"];

async function runAsUser(...launcher: readonly string[]) {
  const script = fileURLToPath(new URL("as-ordinary-user.ts", import.meta.url));
  const command = [...launcher, ...ORDINARY, process.execPath, "--conditions=source", script];
  const [file = "", ...args] = command;
  const child = spawn(file, args, { stdio: ["ignore", "pipe", "pipe"] });
  const [[code], stdout, stderr] = await Promise.all([
    once(child, "close"),
    text(child.stdout),
    text(child.stderr),
  ]);
  return { code, stdout, stderr };
}

describe("a run of an ordinary user", () => {
  it("goes on as root of a user namespace, with its arguments and its exit code", async () => {
    expect(await runAsUser()).toEqual({ code: 7, stdout: "again netns\n", stderr: "" });
  });

  it("ends with an error that says what to do where user namespaces are forbidden", async () => {
    // The one that is allowed is taken by what makes the user an ordinary one.
    const allowOne = 'echo 1 > /proc/sys/user/max_user_namespaces && exec "$@"';
    const asRoot = ["unshare", "--user", "--map-root-user", "/bin/sh", "-c", allowOne, "sh"];
    const { code, stderr } = await runAsUser(...asRoot);
    expect(code).toBe(1);
    expect(stderr).toContain("Could not make a user namespace for --pod-network netns: unshare");
  });
});
