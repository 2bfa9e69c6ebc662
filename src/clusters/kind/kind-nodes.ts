import type { KindTools } from "./kind-tools.ts";
import { runProgram } from "./run-program.ts";

/** The names of a cluster's nodes, which are its containers; none when there is no such cluster. */
export async function kindNodes(
  name: string,
  { engine }: Pick<KindTools, "engine">,
  signal: AbortSignal,
): Promise<readonly string[]> {
  const listed = await runProgram(
    {
      file: "kind",
      args: ["get", "nodes", "--name", name],
      attempt: `list the nodes of the kind cluster ${name}`,
      env: engine.env,
    },
    signal,
  );
  return listed.split("\n").filter((line) => line.trim() !== "");
}

/** The names of all clusters that kind knows of on this engine. */
export async function kindClusters(
  { engine }: Pick<KindTools, "engine">,
  signal: AbortSignal,
): Promise<readonly string[]> {
  const listed = await runProgram(
    { file: "kind", args: ["get", "clusters"], attempt: "list kind's clusters", env: engine.env },
    signal,
  );
  return listed.split("\n").filter((line) => line.trim() !== "");
}
