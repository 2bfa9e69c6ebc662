import { accessSync, constants, statSync } from "node:fs";
import { delimiter, resolve } from "node:path";
import { UsageError } from "#domain/errors.ts";
import type { ServerCommand } from "#scenario/command-scenario.ts";
import { parseDuration } from "#scenario/parse-duration.ts";

/** The options of `lastcall try` as they were typed. */
export interface ServerOptions {
  readonly port?: string | undefined;
  readonly path?: string | undefined;
  readonly "slow-path"?: string | undefined;
  readonly probe?: string | undefined;
  readonly "pre-stop"?: string | undefined;
  readonly grace?: string | undefined;
  readonly replicas?: string | undefined;
  readonly rate?: string | undefined;
}

/** Shorter than the 30 s of Kubernetes: somebody waits for the answer, twice that long if nothing hears SIGTERM. */
const GRACE_PERIOD_SECONDS = 10;

/** Reads the words of one command line, started where the user stands; throws a UsageError for the first wrong one. */
export function readServerCommand(
  command: readonly string[],
  options: ServerOptions,
): ServerCommand {
  const [program, ...args] = command;
  if (program === undefined) {
    throw new UsageError("NO_COMMAND", "try was given no command to try.", {
      hint: "Write it after two dashes: lastcall try --port 8080 -- node server.js",
    });
  }
  const directory = process.cwd();
  const gracePeriodSeconds = seconds("--grace", options.grace) ?? GRACE_PERIOD_SECONDS;
  const preStopSeconds = seconds("--pre-stop", options["pre-stop"]);
  if (preStopSeconds !== undefined && preStopSeconds > gracePeriodSeconds) {
    throw badOption(
      "--pre-stop",
      options["pre-stop"],
      `at most the grace period, ${gracePeriodSeconds}s`,
    );
  }
  const slowPath = path("--slow-path", options["slow-path"]);
  const probePath = path("--probe", options.probe);
  return {
    command: [locate(program, directory), ...args.map(expand)],
    directory,
    environment: inheritedEnvironment(),
    port: whole("--port", options.port, { from: 1, to: 65_535 }) ?? 8080,
    path: path("--path", options.path) ?? "/",
    ...(slowPath !== undefined && { slowPath }),
    ...(probePath !== undefined && { probePath }),
    ...(preStopSeconds !== undefined && { preStopSeconds }),
    gracePeriodSeconds,
    // One pod alone has nobody to hand its clients over to.
    replicas: whole("--replicas", options.replicas, { from: 2, to: 50 }) ?? 3,
    perSecond: whole("--rate", options.rate, { from: 1, to: 5_000 }) ?? 300,
  };
}

/** Set by the pod itself; the user's own would be wrong there. */
const OF_THE_POD = new Set(["HOST", "PORT", "POD_NAME", "HOSTNAME"]);

/** What the program would find if the user started it, as far as a pod can have variables of that name. */
function inheritedEnvironment(): Readonly<Record<string, string>> {
  return Object.fromEntries(
    Object.entries(process.env).filter(
      (entry): entry is [string, string] =>
        entry[1] !== undefined && !OF_THE_POD.has(entry[0]) && /^[A-Za-z_]\w*$/.test(entry[0]),
    ),
  );
}

/** The file that the user's shell would start; a pod looks for programs elsewhere. */
function locate(program: string, directory: string): string {
  const candidates = program.includes("/")
    ? [resolve(directory, program)]
    : (process.env["PATH"] ?? "").split(delimiter).map((folder) => resolve(folder, program));
  const found = candidates.find(isExecutable);
  if (found !== undefined) return found;
  throw new UsageError("NO_PROGRAM", `There is no program ${program} to try.`, {
    hint: program.includes("/")
      ? `Looked for an executable file ${candidates.join()}.`
      : "It is in no folder of your PATH. Give its path, such as ./bin/server.",
  });
}

function isExecutable(file: string): boolean {
  try {
    accessSync(file, constants.X_OK);
    return statSync(file).isFile();
  } catch {
    return false;
  }
}

/** Kubernetes expands `$(NAME)` in arguments, and takes `$$` for a dollar sign of the user's own. */
function expand(argument: string): string {
  return argument
    .replaceAll("$", "$$$$")
    .replaceAll("{host}", "$(HOST)")
    .replaceAll("{port}", "$(PORT)");
}

function path(option: string, text: string | undefined): string | undefined {
  if (text === undefined || text.startsWith("/")) return text;
  throw badOption(option, text, "a path that begins with /");
}

function whole(
  option: string,
  text: string | undefined,
  { from, to }: { readonly from: number; readonly to: number },
): number | undefined {
  if (text === undefined) return undefined;
  const number = /^\d+$/.test(text) ? Number(text) : Number.NaN;
  if (number >= from && number <= to) return number;
  throw badOption(option, text, `a whole number from ${from} to ${to}`);
}

function seconds(option: string, text: string | undefined): number | undefined {
  if (text === undefined) return undefined;
  const ms = parseDuration(text);
  if (ms !== undefined && ms % 1000 === 0) return ms / 1000;
  throw badOption(option, text, "a duration of whole seconds, such as 3s");
}

function badOption(option: string, text: string | undefined, expected: string): UsageError {
  return new UsageError("BAD_OPTION", `${option} ${text} is not ${expected}.`, {
    hint: "See lastcall help try.",
  });
}
