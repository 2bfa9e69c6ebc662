import { readFileSync } from "node:fs";

/** A line that joins two files: in the page both are one module, which can import nothing. */
const JOINT = /^import [^;]*;\n|^export /gm;

/** These files of `client/` as one module, each behind those that it imports. */
export function clientScript(...names: readonly string[]): string {
  return names
    .map((name) => readFileSync(new URL(`client/${name}.js`, import.meta.url), "utf8"))
    .join("\n")
    .replaceAll(JOINT, "");
}
