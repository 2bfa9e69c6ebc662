// @ts-check
"use strict";

/**
 * `mounttest` of the stand-in for agnhost: makes files, and tells what a container sees at a path, in the
 * words that tests look for.
 */
const { readFileSync, statfsSync, statSync, writeFileSync } = require("node:fs");

const TMPFS = 0x01021994;
const NEW_CONTENT = "mount-tester new file\n";
const TYPE_BITS = 0o170000;

/** @param {ReadonlyMap<string, string>} flags */
module.exports = async function mounttest(flags) {
  process.umask(0);
  let failed = false;
  /** @param {string} flag @param {(path: string) => void} act @param {string} what */
  const look = (flag, act, what) => {
    const path = flags.get(flag) ?? "";
    if (path === "") return;
    try {
      act(path);
    } catch (error) {
      failed = true;
      say(`${what.replace("%", JSON.stringify(path))}: ${String(error)}`);
    }
  };
  look("fs_type", showType, "error from statfs(%)");
  for (const mode of ["0644", "0666", "0660", "0777"]) {
    const write = (/** @type {string} */ path) => {
      writeFileSync(path, NEW_CONTENT, { mode: Number.parseInt(mode, 8) });
      showContent(path);
    };
    look(`new_file_${mode}`, write, "error writing new file %");
  }
  look(
    "file_mode",
    (path) => say(`mode of file ${quoted(path)}: ${modeOf(path, true)}`),
    "error from Stat(%)",
  );
  look(
    "file_perm",
    (path) => say(`perms of file ${quoted(path)}: ${modeOf(path, false)}`),
    "error from Stat(%)",
  );
  look("file_owner", showOwner, "error from stat(%)");
  look("file_content", showContent, "error reading file content for %");
  await showInLoop(flags);
  process.exit(failed ? 1 : 0);
};

/** @param {string} path */
function showType(path) {
  const { type } = statfsSync(path);
  say(`mount type of ${quoted(path)}: ${type === TMPFS ? "tmpfs" : type}`);
}

/** @param {string} path */
function showContent(path) {
  say(`content of file ${quoted(path)}: ${readFileSync(path, "utf8")}`);
}

/** @param {string} path */
function showOwner(path) {
  const { uid, gid } = statSync(path);
  say(`owner UID of ${quoted(path)}: ${uid}`);
  say(`owner GID of ${quoted(path)}: ${gid}`);
}

/** @param {ReadonlyMap<string, string>} flags */
async function showInLoop(flags) {
  const path = flags.get("file_content_in_loop") ?? "";
  if (path === "") return;
  const endMs = Date.now() + Number(flags.get("retry_time") ?? 180) * 1_000;
  const breaks = flags.get("break_on_expected_content") !== "false";
  for (; Date.now() < endMs; await new Promise((resolve) => setTimeout(resolve, 2_000))) {
    try {
      const content = readFileSync(path, "utf8");
      say(`content of file ${quoted(path)}: ${content}`);
      if (breaks && content === NEW_CONTENT) return;
      if (breaks) say(`Unexpected content. Expected: ${NEW_CONTENT}. Retrying`);
    } catch (error) {
      say(`Error reading file ${path}: ${String(error)}, retrying`);
    }
  }
}

/**
 * As Go writes a mode: a letter for what is no plain file, then the nine permissions.
 * @param {string} path @param {boolean} withType
 */
function modeOf(path, withType) {
  const { mode } = statSync(path);
  const special = [
    [(mode & TYPE_BITS) === 0o040000, "d"],
    [(mode & 0o4000) !== 0, "u"],
    [(mode & 0o2000) !== 0, "g"],
    [(mode & 0o1000) !== 0, "t"],
  ];
  const letters = special.flatMap(([is, letter]) => (is && withType ? [letter] : [])).join("");
  const permissions = [..."rwxrwxrwx"].map((letter, bit) =>
    (mode & (0o400 >> bit)) === 0 ? "-" : letter,
  );
  return `${letters === "" ? "-" : letters}${permissions.join("")}`;
}

/** @param {string} path */
function quoted(path) {
  return JSON.stringify(path);
}

/** @param {string} text */
function say(text) {
  process.stdout.write(`${text}\n`);
}
