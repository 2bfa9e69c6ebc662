import { enableCompileCache } from "node:module";
import { homedir } from "node:os";
import { join } from "node:path";

/**
 * Lets Node keep what it compiles of what is loaded from here on: half of the time to the first word. Below the
 * user's own cache, since in a folder that all share another user could leave code of theirs.
 */
export function keepCompiled(env: NodeJS.ProcessEnv): void {
  enableCompileCache(join(env["XDG_CACHE_HOME"] || join(homedir(), ".cache"), "lastcall"));
}
