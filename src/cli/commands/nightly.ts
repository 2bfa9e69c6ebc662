import { existsSync, globSync, statSync } from "node:fs";
import { readFile } from "node:fs/promises";
import { basename, join } from "node:path";
import { parseArgs } from "node:util";
import { stringify } from "yaml";
import type { Command } from "#cli/command.ts";
import { planFeatures } from "#cli/features/plan-features.ts";
import { interruptible } from "#cli/interruptible.ts";
import { UsageError } from "#domain/errors.ts";
import { nightlyManifests, type PackedFiles } from "#domain/nightly-manifests.ts";
import { requiredAccess } from "#domain/required-access.ts";
import { EXIT_CODE } from "#domain/verdict.ts";
import type { KubernetesObject } from "#domain/workload.ts";
import { applyHere } from "#open-clusters.ts";
import { loadSettings, type Settings } from "#scenario/load-settings.ts";
import { packScenario } from "#scenario/pack-scenario.ts";

/** From features that were run by hand to features that run each night. */
export const nightlyCommand: Command = {
  usage: `lastcall nightly [options] (--dry-run | --apply)

Renders a CronJob that runs features in the cluster, with the least permissions for them, ConfigMaps with the features and
the scenario's files, and a volume for the reports. The namespaces and the workload's images must be there.

  --schedule CRON    default: "0 2 * * *"
  --namespace NS     where it runs; default: where the workload does
  --image IMAGE      the runner, from a registry that the nodes reach; default: lastcall/runner
  --feature PATH     a feature file or a folder of them, may be given several times; default: features
  --scenario PATH    the scenario's folder or file, or its name below scenarios/
  --pushgateway URL  pushes each finished run to this Pushgateway
  --dry-run          prints it as YAML and touches nothing
  --apply            applies it to the current context of your kubeconfig, if lastcall.yaml allows that

Exit codes: 0 printed or applied, 3 the cluster could not be reached, 64 wrong usage.`,
  async run(args, streams) {
    const { values } = parseArgs({
      args: [...args],
      options: {
        schedule: { type: "string", default: "0 2 * * *" },
        namespace: { type: "string" },
        image: { type: "string", default: "lastcall/runner" },
        feature: { type: "string", multiple: true, default: ["features"] },
        scenario: { type: "string" },
        pushgateway: { type: "string" },
        "dry-run": { type: "boolean", default: false },
        apply: { type: "boolean", default: false },
      },
    });
    const { schedule, image, pushgateway, apply, feature: paths } = values;
    if (apply === values["dry-run"]) {
      throw new UsageError("BAD_USAGE", "nightly needs either --dry-run or --apply.", {
        hint: "--dry-run prints what --apply would apply.",
      });
    }
    requireSchedule(schedule);
    const settings = await loadSettings(process.cwd());
    // One scenario is packed for all features, whatever their tags name.
    const scenario = values.scenario ?? settings.scenario;
    const planned = await planFeatures({ paths, ...(scenario && { scenario }) }, streams);
    if (planned.type === "refused") return planned.exitCode;
    const { runs } = planned;
    const objects = nightlyManifests({
      ...{ schedule, image },
      namespace: values.namespace ?? runs[0]?.scenario.workload.namespace ?? "default",
      features: await packFeatures(paths),
      scenario: await packScenario(scenario),
      settings: settingsInside(settings),
      ...(pushgateway !== undefined && { pushgateway }),
      access: runs.flatMap(requiredAccess),
    });
    if (!apply) {
      streams.out.write(objects.map((object) => stringify(object, YAML)).join("---\n"));
      return EXIT_CODE.pass;
    }
    return await interruptible(streams, async (signal) => {
      const context = await applyHere(objects, settings.allow ?? {}, signal);
      for (const object of objects) streams.out.write(`${describe(object)}\n`);
      streams.out.write(`Applied to the context ${context}; it runs at "${schedule}".\n`);
      return EXIT_CODE.pass;
    });
  },
};

const YAML = { aliasDuplicateObjects: false, lineWidth: 0 } as const;

function requireSchedule(schedule: string): void {
  const field = /^[\d*,/A-Za-z?-]+$/;
  const fields = schedule.trim().split(/\s+/);
  if (
    /^@[a-z]+$/.test(schedule) ||
    (fields.length === 5 && fields.every((one) => field.test(one)))
  ) {
    return;
  }
  throw new UsageError("BAD_SCHEDULE", `--schedule "${schedule}" is no cron expression.`, {
    hint: 'Five fields: minute, hour, day of the month, month, day of the week, such as "0 2 * * *".',
  });
}

/** By their file names, as they lie side by side in the pod. */
async function packFeatures(paths: readonly string[]): Promise<PackedFiles> {
  const files = paths.flatMap((path) =>
    existsSync(path) && statSync(path).isDirectory()
      ? globSync("**/*.feature", { cwd: path }).map((file) => join(path, file))
      : [path],
  );
  const packed: Record<string, string> = {};
  for (const file of files.toSorted()) {
    const name = basename(file);
    if (packed[name] !== undefined || !/^[\w.-]+$/.test(name)) {
      throw new UsageError(
        "BAD_FEATURE_NAME",
        `${file} cannot be a key of a ConfigMap beside the others.`,
        {
          hint: "Give each feature file a name of its own, of letters, digits, dots and dashes.",
        },
      );
    }
    packed[name] = await readFile(file, "utf8");
  }
  return packed;
}

/** Whoever applied this has allowed the cluster; what else is allowed there is as it is here. */
function settingsInside({ allow, maxDisruptedRatio }: Settings): string {
  return stringify({
    allow: { contexts: ["in-cluster"], ...(allow?.namespaces && { namespaces: allow.namespaces }) },
    ...(maxDisruptedRatio !== undefined && {
      maxDisrupted: `${Number((maxDisruptedRatio * 100).toFixed(6))}%`,
    }),
  });
}

function describe({ kind, metadata }: KubernetesObject): string {
  const { namespace, name } = metadata;
  return namespace === undefined ? `${kind} ${name}` : `${kind} ${namespace}/${name}`;
}
