/** The folder of our own steps, beside this room in a checkout as in the published package. */
const FEATURES = new URL("../../features/", import.meta.url);

const EXTENSION = import.meta.url.endsWith(".ts") ? "ts" : "js";

/** Where cucumber finds our world, hooks and step definitions. */
export function supportCode(): string[] {
  return ["support", "step-definitions"].map(
    (folder) => `${decodeURIComponent(new URL(folder, FEATURES).pathname)}/**/*.${EXTENSION}`,
  );
}

/** A module of the support code, which has to be the one that cucumber has loaded. */
export function supportModule(name: string): string {
  return new URL(`support/${name}.${EXTENSION}`, FEATURES).href;
}
