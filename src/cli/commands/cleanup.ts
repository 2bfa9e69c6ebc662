import { parseArgs } from "node:util";
import { cleanUp } from "#clean-up.ts";
import type { Command } from "#cli/command.ts";
import { interruptible } from "#cli/interruptible.ts";
import { EXIT_CODE } from "#domain/verdict.ts";

/** Puts back what killed runs have left on their clusters. */
export const cleanupCommand: Command = {
  usage: `lastcall cleanup [--run ID | --all]

A run writes down how to take back each change before it makes it, in ~/.lastcall/undo (or $XDG_STATE_HOME/lastcall/undo).
It puts everything back itself when it ends, also after Ctrl-C. After a kill -9 or a power cut this command does:
replicas, cordons, taints, images, variables and annotations as they were, object by object; Jobs, the Lease and
namespaces that the run had made are removed. What somebody else has changed since is left alone, and said.
It may be run again at any time.

  --run ID   only after this run, also after one that came to its end and left a namespace it had made
  --all      after all of them, these included

Exit codes: 0 all is as it was, 3 something could not be put back, 130 interrupted; the log keeps what is left for another try.`,
  async run(args, streams) {
    const { values } = parseArgs({
      args: [...args],
      options: { run: { type: "string" }, all: { type: "boolean" } },
    });
    return await interruptible(streams, async (signal) => {
      const complete = await cleanUp({
        ...(values.run !== undefined && { runId: values.run }),
        all: values.all === true,
        tell: (line) => streams.out.write(`${line}\n`),
        signal,
      });
      signal.throwIfAborted(); // what it cut short was told as that of one object
      return complete ? EXIT_CODE.pass : EXIT_CODE.harnessError;
    });
  },
};
