import type { FoundCluster, StopOutcome } from "#open-clusters.ts";

/** The line that a shell has to run; the path is quoted where the shell would read it as something else. */
export function exportLine(kubeconfig: string): string {
  const plain = /^[\w@%+=:,./-]+$/.test(kubeconfig);
  return `export KUBECONFIG=${plain ? kubeconfig : `'${kubeconfig.replaceAll("'", "'\\''")}'`}`;
}

/** One line a cluster below a line of titles, as kubectl would print them. */
export function describeClusters(clusters: readonly FoundCluster[], nowMs: number): string {
  const rows = clusters.map(({ name, state, record }) => [
    name,
    state === "ended" ? "Ended unexpectedly" : state === "running" ? "Running" : "Starting",
    record === undefined || state === "ended" ? "-" : String(record.pid),
    record === undefined ? "-" : String(record.nodes),
    record?.url === undefined || state === "ended" ? "-" : record.url,
    record === undefined ? "-" : describeAge(nowMs - Date.parse(record.startedAt)),
  ]);
  const all = [["NAME", "STATE", "PID", "NODES", "URL", "AGE"], ...rows];
  const widths = (all[0] ?? []).map((_, column) =>
    Math.max(...all.map((row) => row[column]?.length ?? 0)),
  );
  const lines = all.map((row) =>
    row
      .map((cell, column) => cell.padEnd(widths[column] ?? 0))
      .join("   ")
      .trimEnd(),
  );
  return [...lines, ...clusters.filter(({ state }) => state === "ended").map(describeRemains)].join(
    "\n",
  );
}

/** What `down` did. */
export function describeEnd(
  name: string,
  outcome: StopOutcome,
  others: readonly FoundCluster[],
): string {
  switch (outcome.type) {
    case "none":
      return `There is no cluster ${name}; nothing had to be stopped. ${describeAbsence(others)}`;
    case "stopped":
      return `Cluster ${name} is stopped; nothing of it is left.`;
    case "killed":
      return `Cluster ${name} did not stop within ${outcome.afterMs / 1000} s, so its process ${outcome.pid} was killed; nothing of it is left.`;
    case "cleaned":
      return describeLeftover(outcome.found);
  }
}

/** What had been left by a cluster whose process was killed, and has been removed now. */
export function describeLeftover(found: FoundCluster): string {
  return `${whatHappened(found)} Its pods were ended with it; what it had left on disk is removed.${quote(found)}`;
}

/** Which clusters there are instead. */
export function describeAbsence(others: readonly FoundCluster[]): string {
  if (others.length === 0) return "No cluster is running. `lastcall cluster up` starts one.";
  return `There is: ${others.map(({ name }) => name).join(", ")}.`;
}

function describeRemains(found: FoundCluster): string {
  return `${whatHappened(found)} \`lastcall cluster down --name ${found.name}\` removes what it has left.${quote(found)}`;
}

function whatHappened({ name, record, lastWords }: FoundCluster): string {
  const who = record === undefined ? "its process" : `its process ${record.pid}`;
  const how = lastWords === "" ? "was killed" : "crashed";
  return `Cluster ${name} had ended without being stopped: ${who} ${how}.`;
}

function quote({ lastWords }: FoundCluster): string {
  return lastWords === "" ? "" : `\nIts last words:\n  ${lastWords.replaceAll("\n", "\n  ")}`;
}

const UNITS = [
  ["d", 86_400_000],
  ["h", 3_600_000],
  ["m", 60_000],
  ["s", 1_000],
] as const;

/** The two largest units, as kubectl shows an age: `3m12s`. */
function describeAge(ms: number): string {
  const first = UNITS.findIndex(([, unitMs]) => ms >= unitMs);
  if (first === -1) return "0s";
  let restMs = ms;
  return UNITS.slice(first, first + 2)
    .map(([unit, unitMs]) => {
      const count = Math.floor(restMs / unitMs);
      restMs -= count * unitMs;
      return count === 0 ? "" : `${count}${unit}`;
    })
    .join("");
}
