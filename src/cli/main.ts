#!/usr/bin/env node
import { lastcallVersion } from "#build.ts";
import type { Command, Streams } from "#cli/command.ts";
import { COMMANDS } from "#cli/commands.ts";
import { keepCompiled } from "#cli/compile-cache.ts";
import { describeError, HarnessError, UsageError } from "#domain/errors.ts";
import { EXIT_CODE } from "#domain/verdict.ts";
import { closestWord } from "#scenario/closest-word.ts";

/** Runs one command line and resolves to its exit code; nothing here calls `process.exit`. */
export async function main(args: readonly string[], streams: Streams): Promise<number> {
  const [name, ...rest] = args;
  try {
    if (name === "--version" || name === "-V") {
      streams.out.write(`${await lastcallVersion()}\n`);
      return EXIT_CODE.pass;
    }
    if (name === undefined || name === "help" || name === "--help" || name === "-h") {
      streams.out.write(`${await help(rest[0])}\n`);
      return name === undefined ? EXIT_CODE.usage : EXIT_CODE.pass;
    }
    const command = await findCommand(name);
    if (rest.includes("--help") || rest.includes("-h")) {
      streams.out.write(`${command.usage}\n`);
      return EXIT_CODE.pass;
    }
    return await command.run(rest, streams);
  } catch (error) {
    return explain(error, name, streams);
  }
}

async function findCommand(name: string): Promise<Command> {
  const command = COMMANDS.find((candidate) => candidate.name === name);
  if (command !== undefined) return await command.load();
  const near = closestWord(
    name,
    COMMANDS.map((each) => each.name),
  );
  throw new UsageError("UNKNOWN_COMMAND", `There is no command "${name}".`, {
    hint: `${near === undefined ? "" : `Did you mean ${near}? `}Commands: ${COMMANDS.map((each) => each.name).join(", ")}. See lastcall help.`,
  });
}

async function help(name: string | undefined): Promise<string> {
  if (name !== undefined) return (await findCommand(name)).usage;
  return [
    "lastcall proves that a Kubernetes workload shuts down without losing anything.",
    "",
    "Usage: lastcall COMMAND [options]",
    "",
    ...COMMANDS.map((command) => `  ${command.name.padEnd(11)}${command.summary}`),
    "  help       Show the page of a command",
    "",
    "  --version  the version",
  ].join("\n");
}

function explain(error: unknown, name: string | undefined, { err }: Streams): number {
  if (error instanceof HarnessError) {
    err.write(`${describeError(error)}\n`);
    return error instanceof UsageError ? EXIT_CODE.usage : EXIT_CODE.harnessError;
  }
  if (
    error instanceof TypeError &&
    "code" in error &&
    String(error.code).startsWith("ERR_PARSE_ARGS")
  ) {
    err.write(`BAD_USAGE: ${error.message}\n  \`lastcall help ${name}\` lists the options.\n`);
    return EXIT_CODE.usage;
  }
  err.write(`${error instanceof Error ? (error.stack ?? error.message) : String(error)}\n`);
  return EXIT_CODE.harnessError;
}

if (import.meta.main) {
  keepCompiled(process.env);
  process.exitCode = await main(process.argv.slice(2), {
    out: process.stdout,
    err: process.stderr,
  });
}
