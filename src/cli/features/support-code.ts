/** The folder of our own steps, beside this room in a checkout as in the published package. */
const FEATURES = new URL("../../../features/", import.meta.url);

const EXTENSION = import.meta.url.endsWith(".ts") ? "ts" : "js";

/** Where cucumber finds our world, hooks and step definitions. */
export function supportCode(): string[] {
  return ["support", "step-definitions"].map(
    (folder) => `${decodeURIComponent(new URL(folder, FEATURES).pathname)}/**/*.${EXTENSION}`,
  );
}

/** One sentence of a feature, as the step definitions registered it. */
export interface Step {
  readonly keyword: string;
  readonly phrases: readonly string[];
  readonly about: string;
}

/** What the step definitions have registered; cucumber has to have loaded them. */
export async function registeredSteps(): Promise<readonly Step[]> {
  const registry = (await import(new URL(`support/step-registry.${EXTENSION}`, FEATURES).href)) as {
    registeredSteps(): readonly Step[];
  }; // our own module, reached as cucumber reaches it
  return registry.registeredSteps();
}
