import {
  chmodSync,
  chownSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  readlinkSync,
  renameSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { dirname, join, normalize } from "node:path";
import type { VolumeFile } from "./volume-files.ts";

/** What the names of a volume are links into. */
const DATA = "..data";

/**
 * Makes `directory` show exactly these files, all at once: whoever reads sees the old or the new ones, never
 * a mixture. As in a kubelet each name is a link through `..data`, and `..data` is a link that is replaced.
 */
export function showFiles(directory: string, files: readonly VolumeFile[], group?: number): void {
  const current = join(directory, DATA);
  if (shows(current, files)) return;
  const old = linkTarget(current);
  const fresh = mkdtempSync(join(directory, "..files-"));
  chmodSync(fresh, 0o755);
  for (const file of files) {
    const path = join(fresh, normalize(file.path));
    write(path, file);
    if (group !== undefined) chownSync(path, -1, group);
  }
  const link = `${current}_tmp`;
  symlinkSync(fresh.slice(directory.length + 1), link);
  renameSync(link, current);
  const shown = new Set(files.map(({ path }) => normalize(path).split("/")[0] ?? ""));
  for (const name of shown) {
    if (linkTarget(join(directory, name)) === undefined) {
      symlinkSync(join(DATA, name), join(directory, name));
    }
  }
  for (const name of readdirSync(directory)) {
    // What is no link is a place that another volume is mounted at.
    const isOurs = linkTarget(join(directory, name)) === join(DATA, name);
    if (isOurs && !shown.has(name)) rmSync(join(directory, name));
  }
  if (old !== undefined) rmSync(join(directory, old), { recursive: true, force: true });
}

function write(file: string, { content, mode }: VolumeFile): void {
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(file, content);
  // Not by the mode of the write: our own umask would take some of it away.
  chmodSync(file, mode);
}

function shows(data: string, files: readonly VolumeFile[]): boolean {
  if (linkTarget(data) === undefined) return false;
  const present = readdirSync(data, { recursive: true, withFileTypes: true });
  if (present.filter((entry) => !entry.isDirectory()).length !== files.length) return false;
  return files.every(({ path, content, mode }) => {
    const file = join(data, normalize(path));
    const found = statSync(file, { throwIfNoEntry: false });
    return (
      found?.isFile() === true &&
      (found.mode & 0o7777) === mode &&
      readFileSync(file).equals(Buffer.from(content))
    );
  });
}

function linkTarget(path: string): string | undefined {
  try {
    return readlinkSync(path);
  } catch {
    return undefined;
  }
}
