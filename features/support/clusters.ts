import { AfterAll } from "@cucumber/cucumber";
import type { ClusterSettings, ClusterSupply } from "#open-clusters.ts";
import { supplyClusters } from "#open-clusters.ts";

const supplies = new Map<string, ClusterSupply>();

/** One supply for all scenarios of this process that ask for the same: a kind cluster takes a minute to create. */
export function sharedSupply(choice: string, settings: ClusterSettings): ClusterSupply {
  const key = JSON.stringify([choice, settings]);
  const known = supplies.get(key) ?? supplyClusters(choice, settings);
  supplies.set(key, known);
  return known;
}

// Also after a failure or Ctrl-C: cucumber skips what is left, and comes here.
AfterAll({ timeout: -1 }, async () => {
  for (const supply of supplies.values()) {
    await supply.close((line) => process.stderr.write(`${line}\n`));
  }
  supplies.clear();
});
