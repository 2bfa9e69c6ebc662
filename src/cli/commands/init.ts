import { existsSync } from "node:fs";
import { mkdir, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { parseArgs } from "node:util";
import type { Command, Streams } from "#cli/command.ts";
import { interruptible } from "#cli/interruptible.ts";
import { UsageError } from "#domain/errors.ts";
import { EXIT_CODE } from "#domain/verdict.ts";
import { readWorkloads } from "#open-clusters.ts";
import { draftScenarios, type ScenarioDraft } from "#scenario/draft/draft-scenario.ts";

/** From a namespace that is there to features that can be run. */
export const initCommand: Command = {
  usage: `lastcall init --namespace NAMESPACE [--context NAME] [--output DIR]

Looks at the Deployments, StatefulSets and DaemonSets of a namespace and writes scenarios/NAME and
features/NAME.feature for each that a Service selects. Only reads from the cluster; no file is written over.

  -n, --namespace NAMESPACE  which one
      --context NAME         of your kubeconfig; default: its current context
      --output DIR           where the files go; default: here

Exit codes: 0 drafted, 3 the cluster could not be read, 64 wrong usage.`,
  async run(args, streams) {
    const { err } = streams;
    const { values } = parseArgs({
      args: [...args],
      options: {
        namespace: { type: "string", short: "n" },
        context: { type: "string" },
        output: { type: "string", default: "." },
      },
    });
    const { namespace, context, output } = values;
    if (namespace === undefined) {
      throw new UsageError("BAD_USAGE", "init was given no namespace.", {
        hint: "For example: lastcall init --namespace shop",
      });
    }
    return await interruptible(streams, async (signal) => {
      const found = await readWorkloads({ namespace, ...(context && { context }) }, signal);
      const { drafts, without } = draftScenarios(found.objects, found.context);
      for (const { name, because } of without) err.write(`Not drafted: ${name}, ${because}.\n`);
      for (const draft of drafts) await write(draft, output, streams);
      if (drafts.length > 0) {
        streams.out.write(NEXT);
        return EXIT_CODE.pass;
      }
      err.write(`There is no workload in the namespace ${namespace} to draft a scenario of.\n`);
      return EXIT_CODE.harnessError;
    });
  },
};

const NEXT = `Look at the load of each scenario first: its paths, its rate, and whether a request is slow enough to meet SIGTERM.
Each feature says how it is run.
`;

async function write(
  { files }: ScenarioDraft,
  output: string,
  { out, err }: Streams,
): Promise<void> {
  for (const [path, text] of Object.entries(files)) {
    const file = join(output, path);
    if (existsSync(file)) {
      err.write(`Left as it is: ${file}\n`);
      continue;
    }
    await mkdir(dirname(file), { recursive: true });
    await writeFile(file, text);
    out.write(`${file}\n`);
  }
}
