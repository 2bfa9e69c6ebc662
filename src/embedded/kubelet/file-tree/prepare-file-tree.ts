import {
  existsSync,
  lstatSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  readlinkSync,
  realpathSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { dirname, join, relative } from "node:path";
import { isWithin, type LocalPath } from "#embedded/kubelet/local-paths.ts";
import { StartError } from "#embedded/kubelet/runtime/container-runtime.ts";

/**
 * What a container sees instead of this machine's own files: the same files, and its volumes where it
 * mounts them. It is put together inside the container's mount namespace, so nobody else sees it.
 */
export interface FileTree {
  /** An empty directory that becomes the container's `/`. */
  readonly root: string;
  /** The mounts in the form of /etc/fstab, each below `root`. */
  readonly table: string;
}

/** A volume, or a file of one, at its place in the container. */
export interface Mount extends LocalPath {
  readonly readOnly: boolean;
}

/**
 * Writes down how the container's files are put together; `directory` is the container's own.
 *
 * A mount needs a directory to lie on, and this machine's must not get one. So the nearest directory that
 * is there (`/` for `/data`) is replaced by one with the same entries, each mounted, and the missing one.
 */
export function prepareFileTree(
  mounts: readonly Mount[],
  options: {
    readonly directory: string;
    /** Whether the container may write to volumes only. */
    readonly readOnly: boolean;
  },
): FileTree {
  const { directory } = options;
  const access = options.readOnly ? ",ro" : "";
  const root = join(directory, "root");
  const table = join(directory, "mounts");
  mkdirSync(root, { recursive: true });
  const replaced = new Map<string, string>();
  const placed: { readonly target: string; readonly mount: Mount }[] = [];
  for (const mount of mounts.toSorted((a, b) => a.containerPath.length - b.containerPath.length)) {
    const target = resolveTarget(mount.containerPath);
    const outer = placed.findLast((other) => isWithin(target, other.target));
    if (outer !== undefined) {
      makeMountPoint(join(outer.mount.localPath, relative(outer.target, target)), mount);
    } else if (existsSync(target)) {
      checkKind(target, mount);
    } else {
      const nearest = nearestDirectory(target);
      const stand = replaced.get(nearest) ?? join(directory, "replaced", String(replaced.size));
      replaced.set(nearest, nearest === "/" ? root : stand);
      makeMountPoint(join(replaced.get(nearest) ?? stand, relative(nearest, target)), mount);
    }
    placed.push({ target, mount });
  }
  const points = replaced.size === 0 ? [] : mountPoints();
  const lines = [
    ...(replaced.has("/") ? [] : [line("/", root, `rbind${access}`)]),
    ...[...replaced]
      .toSorted(([a], [b]) => a.length - b.length)
      .flatMap(([host, stand]) => replacement({ host, stand, root, access, points })),
    ...placed.map(({ target, mount }) =>
      line(mount.localPath, join(root, target), mount.readOnly ? "bind,ro" : "bind"),
    ),
  ];
  writeFileSync(table, lines.join(""));
  return { root, table };
}

/** `host` with all that lies in it, but as a directory in which more can be made. */
function replacement(wanted: {
  readonly host: string;
  readonly stand: string;
  readonly root: string;
  readonly access: string;
  readonly points: readonly string[];
}): readonly string[] {
  const { host, stand, root, access, points } = wanted;
  const target = join(root, host);
  mkdirSync(stand, { recursive: true });
  const entries = readdirSync(host, { withFileTypes: true }).flatMap((entry) => {
    const [source, place] = [join(host, entry.name), join(stand, entry.name)];
    if (entry.isSymbolicLink()) {
      if (lstatSync(place, { throwIfNoEntry: false }) === undefined)
        symlinkSync(readlinkSync(source), place);
      return [];
    }
    if (entry.isDirectory()) mkdirSync(place, { recursive: true });
    else writeFileSync(place, "", { flag: "a" });
    const holdsMounts = entry.isDirectory() && points.some((point) => isWithin(point, source));
    const how = holdsMounts ? "rbind" : "bind";
    return [line(source, join(target, entry.name), `${how}${access}`)];
  });
  return [line(stand, target, `bind${access}`), ...entries];
}

/** The path without links, as far as it is there. */
function resolveTarget(path: string): string {
  const existing = nearestDirectory(path, existsSync);
  return join(realpathSync(existing), relative(existing, path));
}

function nearestDirectory(path: string, isFound = existsSync): string {
  let found = path.replace(/(?<=.)\/+$/, "");
  while (!isFound(found)) found = dirname(found);
  return found;
}

function checkKind(target: string, { containerPath, localPath }: Mount): void {
  if (statSync(target).isDirectory() === statSync(localPath).isDirectory()) return;
  throw new StartError(
    `error mounting ${JSON.stringify(localPath)} to rootfs at ${JSON.stringify(containerPath)}: not a directory`,
  );
}

function makeMountPoint(place: string, { localPath }: Mount): void {
  if (existsSync(place)) return;
  const isDirectory = statSync(localPath).isDirectory();
  mkdirSync(isDirectory ? place : dirname(place), { recursive: true });
  if (!isDirectory) writeFileSync(place, "");
}

/** Where file systems of this machine lie on others. */
function mountPoints(): readonly string[] {
  const lines = readFileSync("/proc/self/mountinfo", "utf8").split("\n").slice(0, -1);
  return lines.map((mount) => decodePath(mount.split(" ")[4] ?? ""));
}

function line(source: string, target: string, options: string): string {
  return `${encodePath(source)} ${encodePath(target)} none ${options} 0 0\n`;
}

/** Spaces and the like are written as the kernel does it. */
function encodePath(path: string): string {
  return path.replace(
    /[ \t\n\\#]/g,
    (one) => `\\${one.charCodeAt(0).toString(8).padStart(3, "0")}`,
  );
}

function decodePath(path: string): string {
  return path.replace(/\\(\d{3})/g, (_, code: string) => String.fromCharCode(parseInt(code, 8)));
}
