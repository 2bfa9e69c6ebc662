import type { Engine } from "./find-programs.ts";
import { runProgram } from "./run-program.ts";

/** The newest of kind's node images that the engine holds; undefined when it holds none. */
export async function newestNodeImage(
  engine: Engine,
  signal: AbortSignal,
): Promise<string | undefined> {
  const listed = await runProgram(
    {
      file: engine.name,
      args: ["image", "ls", "kindest/node", "--format", "{{.Repository}}:{{.Tag}}"],
      attempt: "list kind's node images",
    },
    signal,
  );
  return listed
    .split("\n")
    .filter((name) => /:v\d/.test(name)) // an image pulled by its digest alone has no tag, and no version
    .toSorted((a, b) => b.localeCompare(a, "en", { numeric: true }))[0];
}
