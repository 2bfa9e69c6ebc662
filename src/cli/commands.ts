import type { Command } from "#cli/command.ts";

/** A command as `lastcall help` lists it; the rest of it is loaded when somebody calls it. */
export interface CommandEntry {
  readonly name: string;
  /** One line for the list of commands. */
  readonly summary: string;
  load(): Promise<Command>;
}

/** All commands, in the order in which a new user meets them. */
export const COMMANDS: readonly CommandEntry[] = [
  {
    name: "try",
    summary: "Try a server command: roll it, delete a pod, say what was lost",
    load: async () => (await import("#cli/commands/try.ts")).tryCommand,
  },
  {
    name: "init",
    summary: "Draft a scenario and a feature for each workload of a namespace",
    load: async () => (await import("#cli/commands/init.ts")).initCommand,
  },
  {
    name: "run",
    summary: "Run feature files and report on each scenario",
    load: async () => (await import("#cli/commands/run.ts")).runCommand,
  },
  {
    name: "check",
    summary: "Judge a recorded run again, without a cluster",
    load: async () => (await import("#cli/commands/check.ts")).checkCommand,
  },
  {
    name: "advise",
    summary: "Say why a recorded run lost something, and what to change",
    load: async () => (await import("#cli/commands/advise.ts")).adviseCommand,
  },
  {
    name: "cluster",
    summary: "Keep an embedded cluster running in the background",
    load: async () => (await import("#cli/commands/cluster.ts")).clusterCommand,
  },
  {
    name: "report",
    summary: "List all runs with their trends, or compare two of them",
    load: async () => (await import("#cli/commands/report.ts")).reportCommand,
  },
  {
    name: "sign",
    summary: "Sign a run: who decided what, over every one of its files",
    load: async () => (await import("#cli/commands/sign.ts")).signCommand,
  },
  {
    name: "verify",
    summary: "Check that a run is still what somebody signed",
    load: async () => (await import("#cli/commands/verify.ts")).verifyCommand,
  },
  {
    name: "self-test",
    summary: "Put the harness on trial: known faults, and healthy workloads",
    load: async () => (await import("#cli/commands/self-test.ts")).selfTestCommand,
  },
  {
    name: "steps",
    summary: "List the sentences of a feature in three languages",
    load: async () => (await import("#cli/commands/steps.ts")).stepsCommand,
  },
  {
    name: "nightly",
    summary: "Run features in the cluster itself, by a CronJob",
    load: async () => (await import("#cli/commands/nightly.ts")).nightlyCommand,
  },
  {
    name: "rbac",
    summary: "Print the least permissions with which features can run",
    load: async () => (await import("#cli/commands/rbac.ts")).rbacCommand,
  },
  {
    name: "cleanup",
    summary: "Put back what a killed run has left",
    load: async () => (await import("#cli/commands/cleanup.ts")).cleanupCommand,
  },
];
