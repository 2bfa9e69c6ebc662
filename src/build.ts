import { execFile } from "node:child_process";
import { readFile } from "node:fs/promises";
import { promisify } from "node:util";

/** What the result of a run rests on, besides the cluster. */
interface Build {
  readonly lastcall: string;
  readonly node: string;
  readonly platform: string;
  readonly commit?: string;
}

/** The versions of everything on this side of the API, and the commit of the user's checkout, if any. */
export async function describeBuild(): Promise<Build> {
  const commit = await currentCommit();
  return {
    lastcall: await lastcallVersion(),
    node: process.version,
    platform: `${process.platform} ${process.arch}`,
    ...(commit !== undefined && { commit }),
  };
}

/** The version in our own package.json, which lies at the same depth in a checkout and in a package. */
export async function lastcallVersion(): Promise<string> {
  for (const up of ["../package.json", "../../package.json"]) {
    try {
      const text = await readFile(new URL(up, import.meta.url), "utf8");
      const { name, version } = JSON.parse(text) as { name?: string; version?: string }; // npm's own file
      if (name === "lastcall" && version !== undefined) return version;
    } catch {
      // The other depth is the right one: src/ in a checkout, dist/src/ in a package.
    }
  }
  return "unknown";
}

async function currentCommit(): Promise<string | undefined> {
  try {
    const { stdout } = await promisify(execFile)("git", ["rev-parse", "--short=12", "HEAD"]);
    return stdout.trim();
  } catch {
    return undefined; // not a checkout, or git is not there: the report then names no commit
  }
}
