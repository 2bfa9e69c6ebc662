import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join, relative } from "node:path";

/**
 * The wall between the rooms. Rooms are spelled in the import (`#room/file.ts`), so reading the import
 * lines is enough. The table is the architecture: what is not listed may import nothing but itself.
 */
const MAY_IMPORT: Readonly<Record<string, readonly string[]>> = {
  domain: [],
  checkers: ["domain"],
  advice: ["domain"],
  ports: ["domain"],
  scenario: ["domain"],
  disruptions: ["domain", "ports"],
  runner: ["domain", "ports", "disruptions"],
  load: ["domain", "ports"],
  history: ["domain", "ports"],
  clusters: ["domain", "ports"],
  "clusters/embedded-cluster.ts": ["domain", "ports", "embedded/index.ts", "clusters"],
  "clusters/background/cluster-process.ts": ["domain", "ports", "embedded/index.ts", "clusters"],
  reporting: ["domain", "ports"],
  cli: [
    "domain",
    "scenario",
    "ports",
    "harness.ts",
    "open-clusters.ts",
    "recorded-runs.ts",
    "clean-up.ts",
    "build.ts",
  ],
  "embedded/api": [],
  "embedded/apiserver": ["embedded/api"],
  "embedded/controllers": ["embedded/api"],
  "embedded/kubelet": ["embedded/api"],
  "embedded/network": ["embedded/api"],
  "embedded/machines": [],
  "embedded/netns": [],
  "embedded/images": [],
};

/** What the executable specification may touch: it translates sentences, and acts through the harness. */
const FEATURES_MAY_IMPORT = [
  "domain",
  "scenario",
  "harness.ts",
  "open-clusters.ts",
  "recorded-runs.ts",
  "watchers.ts",
];

/** Files that wire rooms together; `embedded/index.ts` only those of its own house. */
const WIRING: Readonly<Record<string, (room: string) => boolean>> = {
  "harness.ts": (room) => !room.startsWith("embedded"),
  "open-clusters.ts": (room) => ["domain", "ports", "clusters", "run-clock.ts"].includes(room),
  "run-clock.ts": (room) => room === "ports",
  "run-machine.ts": (room) => room === "domain" || room === "ports",
  "run-recipe.ts": (room) => room === "domain" || room === "clusters",
  "watchers.ts": (room) => ["domain", "ports", "reporting", "live-view.ts"].includes(room),
  "live-view.ts": (room) => ["domain", "ports", "reporting", "live-worker.ts"].includes(room),
  "live-worker.ts": (room) =>
    ["domain", "ports", "reporting", "history", "checkers"].includes(room),
  "recorded-runs.ts": (room) => !room.startsWith("embedded"),
  "clean-up.ts": (room) => !room.startsWith("embedded"),
  "safety.ts": (room) => !room.startsWith("embedded"),
  "runner-image.ts": (room) => room === "domain" || room === "build.ts",
  "load-worker.ts": (room) => room === "load",
  "index.ts": (room) => !room.startsWith("embedded"),
  "embedded/index.ts": (room) => room.startsWith("embedded/"),
};

/** Rooms that compute and never act: no `node:` module, no package. Ports hold types only. */
const PURE = new Set(["domain", "checkers", "advice", "ports"]);

const IMPORT =
  /(?:^|\n)\s*(?:import|export)\s(?:[^"';]*?\sfrom\s)?\s*["']([^"']+)["']|import\(\s*["']([^"']+)["']\s*\)/g;

/** Every breach of the wall, as `file: sentence`; throws when it sees no source file at all. */
export function findBreaches(root: string): readonly string[] {
  const source = join(root, "src");
  const files = sourceFiles(source);
  if (files.length === 0)
    throw new Error(`No TypeScript file below ${source}: nothing was checked.`);
  const features = join(root, "features");
  return [
    ...files.flatMap((file) => breachesIn(root, join(source, file), (name) => breach(file, name))),
    ...sourceFiles(features).flatMap((file) =>
      breachesIn(root, join(features, file), breachOfFeatures),
    ),
  ];
}

function sourceFiles(directory: string): readonly string[] {
  if (!existsSync(directory)) return [];
  return readdirSync(directory, { recursive: true, encoding: "utf8" })
    .filter((file) => file.endsWith(".ts") && !file.endsWith(".d.ts"))
    .map((file) => file.replaceAll("\\", "/"));
}

function breachesIn(
  root: string,
  path: string,
  judge: (specifier: string) => string | undefined,
): readonly string[] {
  return [...readFileSync(path, "utf8").matchAll(IMPORT)]
    .map((match) => judge(match[1] ?? match[2] ?? ""))
    .filter((sentence) => sentence !== undefined)
    .map((sentence) => `${relative(root, path)}: ${sentence}`);
}

function breachOfFeatures(specifier: string): string | undefined {
  if (!specifier.startsWith("#")) return undefined;
  const target = specifier.slice(1);
  return FEATURES_MAY_IMPORT.includes(roomOf(target))
    ? undefined
    : `may not import ${target}; features may import ${FEATURES_MAY_IMPORT.join(", ")}`;
}

function breach(file: string, specifier: string): string | undefined {
  const room = roomOf(file);
  const isTest = file.endsWith(".test.ts");
  if (specifier.startsWith("../")) return `imports ${specifier}; write #room/file.ts across rooms`;
  if (specifier.startsWith("./")) {
    return specifier.split("/").length > 2 && !room.startsWith("embedded/index")
      ? breachOfRoom(file, room, [...file.split("/").slice(0, -1), specifier.slice(2)].join("/"))
      : undefined;
  }
  if (isTest && specifier.startsWith("#test/")) return undefined;
  if (specifier.startsWith("#")) return breachOfRoom(file, room, specifier.slice(1));
  if (PURE.has(room) && !isTest) return `imports ${specifier}, but ${room} computes and never acts`;
  return undefined;
}

function breachOfRoom(file: string, room: string, target: string): string | undefined {
  const targetRoom = roomOf(target);
  if (targetRoom === room) return undefined;
  const wires = WIRING[file];
  if (wires !== undefined) {
    return wires(targetRoom)
      ? undefined
      : `may not import ${target}: the embedded cluster is sealed`;
  }
  const allowed = MAY_IMPORT[file] ?? MAY_IMPORT[room];
  if (allowed === undefined) return `belongs to no known room (${room})`;
  return allowed.includes(targetRoom) || allowed.includes(target)
    ? undefined
    : `may not import ${target}; ${room} may import ${allowed.join(", ") || "nothing"}`;
}

function roomOf(file: string): string {
  const parts = file.split("/");
  const depth = parts[0] === "embedded" && parts.length > 2 ? 2 : 1;
  return parts.length === 1 || (parts[0] === "embedded" && parts.length === 2)
    ? file
    : parts.slice(0, depth).join("/");
}

if (import.meta.main) {
  const breaches = findBreaches(process.argv[2] ?? process.cwd());
  for (const sentence of breaches) process.stderr.write(`${sentence}\n`);
  process.stdout.write(`imports: ${breaches.length} breach(es) of the wall\n`);
  process.exitCode = breaches.length === 0 ? 0 : 1;
}
