import { copyFileSync, globSync, mkdirSync } from "node:fs";
import { dirname, join } from "node:path";

/** What the compiler does not carry into `dist`: what is no TypeScript, or must not go through the compiler. */
const ASSETS = [
  "src/reporting/html/styles/*.css",
  "src/reporting/html/client/*.js",
  "src/embedded/images/*.{cjs,sh}",
  "src/embedded/images/{bin,own-bin}/*",
];

/** Modes are copied with the files: some are run. */
export function copyAssets(to: string): void {
  for (const pattern of ASSETS) {
    const files = globSync(pattern);
    if (files.length === 0)
      throw new Error(`No file matches ${pattern}: the build would be broken.`);
    for (const file of files) {
      const copy = join(to, file);
      mkdirSync(dirname(copy), { recursive: true });
      copyFileSync(file, copy);
    }
  }
}

if (import.meta.main) copyAssets("dist");
