import { spawn } from "node:child_process";
import { once } from "node:events";
import { StartError } from "#embedded/kubelet/runtime/container-runtime.ts";
import { requireTool } from "#embedded/kubelet/runtime/namespace-tools.ts";
import type { FileTree } from "./prepare-file-tree.ts";

/** A mount namespace in which a file tree is `/`. It lasts as long as somebody is in it. */
export interface OpenFileTree {
  /** The file by which a program joins. */
  readonly namespace: string;
  /** To be called when the program has joined. */
  close(): void;
}

/**
 * Mounts what the tree's table lists, in a namespace of its own, and puts the tree in the place of `/`; the
 * old `/` is let go, so whoever joins finds nothing else. A process holds the namespace until `close`, or
 * until this process ends. The container's own launcher has no shell in it: that would change its variables.
 */
export async function openFileTree({ table, root }: FileTree): Promise<OpenFileTree> {
  const [mount, umount, pivot] = ["mount", "umount", "pivot_root"].map((name) => requireTool(name));
  const steps = [`${mount} -a -T "$1"`, 'cd "$2"', `${pivot} . .`, `${umount} -l .`, "echo open"];
  const script = `${steps.join(" && ")} && read wait`;
  const child = spawn(
    requireTool("unshare"),
    ["--mount", "/bin/sh", "-c", script, "sh", table, root],
    {
      cwd: "/",
      env: {},
      detached: true,
      stdio: "pipe",
    },
  );
  child.stdin.on("error", () => {});
  let complaint = "";
  child.stderr.on("data", (text) => {
    complaint += text;
  });
  const opened = once(child.stdout, "data").then(() => true);
  const ended = once(child, "close").then(() => false);
  const isOpen = await Promise.race([opened, ended]).catch(() => false);
  if (!isOpen) throw new StartError(`error mounting the container's files: ${complaint.trim()}`);
  return { namespace: `/proc/${child.pid}/ns/mnt`, close: () => child.stdin.end() };
}
