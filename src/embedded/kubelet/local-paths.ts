import { existsSync } from "node:fs";

/** A path of the container and where its content really lies on this machine. */
export interface LocalPath {
  readonly containerPath: string;
  readonly localPath: string;
}

/** What may stand before or after a path inside a longer text, such as a shell script or a flag. */
const BOUNDARY = "\\s\"'`=:,;<>(){}|&\\[\\]";

/**
 * Without a file tree of its own (see prepare-file-tree.ts) a container is a process that shares the one
 * of the host, so nothing can be mounted at `/data`. Instead every `/data` that Kubernetes hands to the program is rewritten to the directory
 * that holds the volume: in the command, the arguments, the values of the environment, the working
 * directory, and the commands of hooks, probes and `kubectl exec`.
 *
 * A mount path is recognised at the start of a text or after a character that cannot belong to a path
 * (space, quote, `=`, `:`, `,`, `;`, brackets, redirections) or `file://`, and only as a whole path or a
 * prefix of one: `/data`, `/data/x` and `--dir=/data` are rewritten, `/database`, `/srv/data` and
 * `http://host/data` are not. The longest mount path wins, and a text is rewritten once.
 *
 * `/tmp` is mounted in every container, empty at each start, as the writable layer of an image is.
 * What the host already has below its own /tmp stays reachable (programs of tests often live there).
 * A program that spells a path in its own code, instead of being told it, is not rewritten.
 */
export function toLocalPaths(text: string, mounts: readonly LocalPath[]): string {
  const usable = mounts
    .filter(({ containerPath }) => trimSlash(containerPath) !== "")
    .toSorted((a, b) => b.containerPath.length - a.containerPath.length);
  if (usable.length === 0) return text;
  const byPath = new Map(usable.map((mount) => [trimSlash(mount.containerPath), mount.localPath]));
  const paths = [...byPath.keys()].map((path) => RegExp.escape(path)).join("|");
  const pattern = new RegExp(`(^|[${BOUNDARY}]|file://)(${paths})(?=$|[/${BOUNDARY}])`, "g");
  return text.replace(pattern, (found, before: string, path: string, offset: number) => {
    const localPath = byPath.get(path);
    if (localPath === undefined) return found;
    if (path === "/tmp" && isOnHost(text.slice(offset + found.length))) return found;
    return `${before}${localPath}`;
  });
}

/** The reverse for what a program prints: whoever reads it knows the container's paths and not this machine's. */
export function toContainerPaths(text: string, mounts: readonly LocalPath[]): string {
  return mounts
    .toSorted((a, b) => b.localPath.length - a.localPath.length)
    .reduce(
      (told, { localPath, containerPath }) =>
        told.replaceAll(new RegExp(`${RegExp.escape(localPath)}(?=$|[/${BOUNDARY}])`, "g"), () =>
          trimSlash(containerPath),
        ),
      text,
    );
}

/** The path by which a container knows a file of this machine that lies in one of its mounts. */
export function toContainerPath(path: string, mounts: readonly LocalPath[]): string {
  const mount = mounts.find(({ localPath }) => isWithin(path, localPath));
  return mount === undefined ? path : mount.containerPath + path.slice(mount.localPath.length);
}

/** Whether a path is the directory or lies below it. */
export function isWithin(path: string, directory: string): boolean {
  return `${path}/`.startsWith(`${trimSlash(directory)}/`);
}

/** `rest` is what follows `/tmp` in the text; its first segment decides. */
function isOnHost(rest: string): boolean {
  const segment = new RegExp(`^/([^/${BOUNDARY}]+)`).exec(rest)?.[1];
  return segment !== undefined && existsSync(`/tmp/${segment}`);
}

function trimSlash(path: string): string {
  return path.replace(/\/+$/, "");
}
