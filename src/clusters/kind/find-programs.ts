import { HarnessError } from "#domain/errors.ts";
import { ProgramError, runProgram } from "./run-program.ts";

/** The container engine that kind's nodes are containers of. */
export interface Engine {
  readonly name: "docker" | "podman" | "nerdctl";
  /** What kind has to be told, so that it uses the same one; it takes docker by itself. */
  readonly env: Readonly<Record<string, string>>;
}

const ENGINES = ["docker", "podman", "nerdctl"] as const;

/** podman may stand on the PATH under docker's name, and knows no such field: kind needs the real one. */
const QUESTIONS: Readonly<Record<Engine["name"], readonly string[]>> = {
  docker: ["info", "--format", "{{.ServerVersion}}"],
  podman: ["info"],
  nerdctl: ["info"],
};

const INSTALL_KIND =
  "Get it from https://kind.sigs.k8s.io/docs/user/quick-start/#installation, or with `brew install kind`, `go install sigs.k8s.io/kind@latest`, or the package kind of Debian 13 and newer.";

const INSTALL_ENGINE =
  "kind runs its nodes as containers. Install Docker (https://docs.docker.com/engine/install) or podman, or use --cluster embedded, which needs neither.";

/** Finds kind and an engine that answers, or says which of them is missing and how to get it. */
export async function findPrograms(signal: AbortSignal): Promise<Engine> {
  const wanted = process.env["KIND_EXPERIMENTAL_PROVIDER"] ?? "";
  const named = ENGINES.find((name) => name === wanted);
  if (wanted !== "" && named === undefined) {
    throw new HarnessError(
      "NO_ENGINE",
      `KIND_EXPERIMENTAL_PROVIDER is "${wanted}", which is no container engine of kind's.`,
      { hint: `It may be ${ENGINES.join(", ")}, or unset.` },
    );
  }
  if ((await answers("kind", ["version"], signal)) !== "yes") {
    throw new HarnessError("NO_KIND", "The program kind was not found on the PATH.", {
      hint: INSTALL_KIND,
    });
  }
  const down: string[] = [];
  for (const name of named === undefined ? ENGINES : [named]) {
    const found = await answers(name, QUESTIONS[name], signal);
    if (found === "yes") {
      return { name, env: name === "docker" ? {} : { KIND_EXPERIMENTAL_PROVIDER: name } };
    }
    if (found !== "missing") down.push(`${name}: ${found}`);
  }
  if (down.length > 0) {
    throw new HarnessError(
      "ENGINE_DOWN",
      `A container engine is installed, but it does not answer: ${down.join("; ")}.`,
      {
        hint: "Start it (`sudo systemctl start docker`, or Docker Desktop), and make sure that this user may use it: `docker info` must work. Without one, --cluster embedded needs none.",
      },
    );
  }
  throw new HarnessError(
    "NO_ENGINE",
    `No container engine was found on the PATH; looked for ${(named === undefined ? ENGINES : [named]).join(", ")}.`,
    { hint: INSTALL_ENGINE },
  );
}

/** `yes`, `missing`, or the last words of a program that is there and fails. */
async function answers(
  file: string,
  args: readonly string[],
  signal: AbortSignal,
): Promise<"yes" | "missing" | string> {
  try {
    await runProgram({ file, args, attempt: `ask ${file}` }, signal);
    return "yes";
  } catch (error) {
    if (!(error instanceof ProgramError)) throw error;
    if (error.words === undefined) return "missing";
    return error.words.trim().split("\n").at(-1) ?? "";
  }
}
