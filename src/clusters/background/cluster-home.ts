import { mkdir, open } from "node:fs/promises";
import { homedir } from "node:os";
import { isAbsolute, join } from "node:path";
import { HarnessError, UsageError } from "#domain/errors.ts";

/** The one directory in which a background cluster keeps everything that others need of it. */
export interface ClusterHome {
  readonly name: string;
  readonly directory: string;
  /** Held open by the cluster's process: whoever can connect knows that it lives. */
  readonly socket: string;
  readonly kubeconfig: string;
  readonly record: string;
  readonly log: string;
}

/** Where all background clusters of this user live: below `$XDG_STATE_HOME` when it is set. */
export function clustersDirectory(env: NodeJS.ProcessEnv): string {
  const state = env["XDG_STATE_HOME"] ?? "";
  const base = isAbsolute(state) ? join(state, "lastcall") : join(homedir(), ".lastcall");
  return join(base, "clusters");
}

/** A name is part of paths and of commands that people type, so it is a short DNS label. */
const NAME = /^[a-z0-9](?:[-a-z0-9]{0,30}[a-z0-9])?$/;

/** `sun_path` of macOS, the shortest of all, with the byte that ends it. */
const LONGEST_SOCKET_PATH_BYTES = 103;

/** The home of the cluster of that name, whether there is one or not. */
export function clusterHome(clusters: string, name: string): ClusterHome {
  if (!NAME.test(name)) {
    throw new UsageError("BAD_CLUSTER_NAME", `"${name}" is no name for a cluster.`, {
      hint: "A name has up to 32 lower case letters, digits and dashes, and begins and ends without a dash.",
    });
  }
  const home = homeIn(join(clusters, name), name);
  if (Buffer.byteLength(home.socket) > LONGEST_SOCKET_PATH_BYTES) {
    throw new UsageError(
      "STATE_PATH_TOO_LONG",
      `The path ${home.socket} is longer than the ${LONGEST_SOCKET_PATH_BYTES} bytes that a socket may have.`,
      { hint: "Set XDG_STATE_HOME to a shorter path." },
    );
  }
  return home;
}

/** The files of a home that still is, or is already, somewhere else. */
export function homeIn(directory: string, name: string): ClusterHome {
  return {
    name,
    directory,
    socket: join(directory, "control"),
    kubeconfig: join(directory, "kubeconfig"),
    record: join(directory, "cluster.json"),
    log: join(directory, "log"),
  };
}

/** A new home that nobody finds yet, with an open log; only this user may look into it. */
export async function prepareHome(home: ClusterHome) {
  try {
    await mkdir(home.directory, { recursive: true, mode: 0o700 });
    return await open(home.log, "a", 0o600);
  } catch (cause) {
    throw new HarnessError(
      "NO_CLUSTER_HOME",
      `Could not make ${home.directory} for the cluster's files.`,
      {
        hint: "Set XDG_STATE_HOME to a folder that you may write to.",
        cause,
      },
    );
  }
}
