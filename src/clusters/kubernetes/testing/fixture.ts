import { readFileSync } from "node:fs";

/** An object as Kubernetes 1.36.2 served it, from `fixtures/`. */
export function fixture<T>(name: string): T {
  const file = new URL(`./fixtures/${name}.json`, import.meta.url);
  return JSON.parse(readFileSync(file, "utf8")) as T; // recorded from a real API server
}
