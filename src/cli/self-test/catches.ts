import { existsSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { HarnessError, UsageError } from "#domain/errors.ts";
import { type Expectation, loadExpectation } from "./expectation.ts";

/** A workload with one known fault, or a healthy one, as a scenario with the answer beside it. */
export interface Catch {
  readonly name: string;
  readonly directory: string;
  readonly expectation: Expectation;
}

/** All catches in the order of their names; those of a folder whose `expect.yaml` is wrong are refused. */
export async function loadCatches(directory = catchesDirectory()): Promise<readonly Catch[]> {
  const names = readdirSync(directory, { withFileTypes: true })
    .filter(
      (entry) => entry.isDirectory() && existsSync(join(directory, entry.name, "expect.yaml")),
    )
    .map(({ name }) => name)
    .toSorted();
  return await Promise.all(
    names.map(async (name) => {
      const own = join(directory, name);
      return { name, directory: own, expectation: await loadExpectation(own) };
    }),
  );
}

/** Those that the command line asks for; a name that none has is a slip. */
export function chooseCatches(
  catches: readonly Catch[],
  { only, quick }: { readonly only: readonly string[]; readonly quick: boolean },
): readonly Catch[] {
  const unknown = only.find((wanted) => !catches.some(({ name }) => name === wanted));
  if (unknown !== undefined) {
    throw new UsageError("UNKNOWN_CATCH", `There is no catch "${unknown}".`, {
      hint: `There are: ${catches.map(({ name }) => name).join(", ")}.`,
    });
  }
  return catches.filter(
    ({ name, expectation }) =>
      (only.length === 0 || only.includes(name)) && (!quick || expectation.quick),
  );
}

/** What a catch needs and this machine lacks; undefined when it can run. */
export function missingFor({ expectation, directory }: Catch): string | undefined {
  const { needs } = expectation;
  if (needs === undefined) return undefined;
  if (needs === "checkout") {
    const shop = join(directory, "../../../scenarios/shop/app");
    return existsSync(shop)
      ? undefined
      : "the samples of a checkout, which are no part of the package";
  }
  return CONTAINER_PATH.some((folder) => existsSync(join(folder, needs)))
    ? undefined
    : `${needs}, which is in none of ${CONTAINER_PATH.join(", ")}`;
}

/** Where the embedded cluster looks for a container's program, whatever this process's own PATH says. */
const CONTAINER_PATH = ["/usr/local/bin", "/usr/bin", "/bin"];

/** `test/catches` of the checkout or of the installed package; this file is one folder deeper in `dist`. */
function catchesDirectory(): string {
  const found = ["../../..", "../../../.."]
    .map((up) => join(import.meta.dirname, up, "test/catches"))
    .find((folder) => existsSync(folder));
  if (found !== undefined) return found;
  throw new HarnessError("NO_CATCHES", "The workloads of the self-test are not there.", {
    hint: "They are in test/catches of the package; install Lastcall again.",
  });
}
