import { parseArgs } from "node:util";
import { stringify } from "yaml";
import type { Command } from "#cli/command.ts";
import { planFeatures } from "#cli/features/plan-features.ts";
import { readLoadPlace } from "#cli/load-place-options.ts";
import { rbacManifests } from "#domain/rbac-manifests.ts";
import { requiredAccess } from "#domain/required-access.ts";
import { EXIT_CODE } from "#domain/verdict.ts";

/** From features to the permissions that they need and no more. */
export const rbacCommand: Command = {
  usage: `lastcall rbac [FEATURE...] [options]

Prints a ServiceAccount and the least Role for the runs of these features (default: features/), for kubectl apply -f -.
A ClusterRole is among it only when nodes, or namespaces, are touched, or leaks are measured. The namespace of
the workload must be there already. Connects to nothing.

  --scenario PATH   the scenario's folder or file, or its name below scenarios/
  --load-from PLACE outside (default), or inside: for the load from pods of the cluster
  --namespace NS    where the ServiceAccount lives; default: where the workload does
  --name NAME       of all that is printed; default: lastcall

Exit codes: 0 printed, 3 or 64 the features cannot be run.`,
  async run(args, streams) {
    const { values, positionals } = parseArgs({
      args: [...args],
      allowPositionals: true,
      options: {
        scenario: { type: "string" },
        "load-from": { type: "string" },
        namespace: { type: "string" },
        name: { type: "string", default: "lastcall" },
      },
    });
    const { scenario, name } = values;
    const paths = positionals.length > 0 ? positionals : ["features"];
    const { loadFrom } = readLoadPlace(values);
    const wanted = { paths, ...(scenario && { scenario }), ...(loadFrom && { loadFrom }) };
    const planned = await planFeatures(wanted, streams);
    if (planned.type === "refused") return planned.exitCode;
    const { runs } = planned;
    const namespace = values.namespace ?? runs[0]?.scenario.workload.namespace ?? "default";
    const objects = rbacManifests(runs.flatMap(requiredAccess), { name, namespace });
    streams.out.write(objects.map((object) => stringify(object, YAML)).join("---\n"));
    return EXIT_CODE.pass;
  },
};

/** Labels are the same object everywhere, which a reader of the YAML need not know. */
const YAML = { aliasDuplicateObjects: false, lineWidth: 0 } as const;
