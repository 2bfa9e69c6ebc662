import { dirname, resolve } from "node:path";
import type { Scenario } from "#domain/scenario.ts";
import type { KubernetesObject } from "#domain/workload.ts";
import { chooseService, SERVICE } from "./choose-service.ts";
import { chooseWorkload, WORKLOAD, WORKLOAD_KINDS, workloadRef } from "./choose-workload.ts";
import { loadManifests, type Manifest } from "./load-manifests.ts";
import { withNamespace } from "./namespace.ts";
import { selects } from "./pod-template.ts";
import type { Problem } from "./problem.ts";
import { textReader } from "./readers.ts";
import type { Reader, YamlFields, YamlValue } from "./yaml-value.ts";

/** What the scenario takes from its manifests. */
export type WorkloadPart = Pick<
  Scenario,
  "workload" | "service" | "servicePort" | "objects" | "isRunning"
>;

const DEFAULT_MANIFEST = "workload.yaml";

const NAMESPACE = textReader("a namespace: small letters, digits and dashes", (text) =>
  /^[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?$/.test(text) ? text : undefined,
);

/** Reads `namespace`, `manifests`, `workload` and `service`, which only make sense together. */
export async function readWorkload(
  fields: YamlFields,
  scenarioFile: string,
  problems: Problem[],
): Promise<WorkloadPart | undefined> {
  const namespace = fields.optional("namespace", NAMESPACE) ?? "default";
  const files = fields.optional("manifests", FILES);
  const workloadName = fields.optional("workload", WORKLOAD);
  const serviceName = fields.optional("service", SERVICE);
  if (files?.length === 0) {
    return runningWorkload(fields, { namespace, workload: workloadName, service: serviceName });
  }
  const before = problems.length;
  const manifests = await loadAll(files, fields.at("manifests"), { scenarioFile, problems });
  // What a broken manifest seems to lack may well stand in the part that could not be read.
  if (problems.length > before) return undefined;

  const workload = chooseWorkload(manifests, workloadName, fields.at("workload"));
  const chosen = chooseService(manifests, serviceName, fields.at("service"));
  const ref = workload === undefined ? undefined : workloadRef(workload, namespace);
  if (workload === undefined || ref === undefined || chosen === undefined) return undefined;
  refuseStrangers(workload, chosen.manifest, namespace);
  return {
    workload: ref,
    service: chosen.manifest.object.metadata.name,
    ...(chosen.port !== undefined && { servicePort: chosen.port }),
    objects: manifests.map(({ object }) => withNamespace(object, namespace)),
  };
}

interface Named {
  readonly namespace: string;
  readonly workload: string | undefined;
  readonly service: { readonly name: string; readonly port?: number } | undefined;
}

/** Without manifests nothing can be looked up, so both have to be named. */
function runningWorkload(
  fields: YamlFields,
  { namespace, workload = "", service }: Named,
): WorkloadPart | undefined {
  const [kindText = "", name = ""] = workload.split("/");
  const kind = WORKLOAD_KINDS.find((each) => each.toLowerCase() === kindText.toLowerCase());
  if (kind === undefined) {
    return fields
      .at("workload")
      .report(
        'needs a "workload" that is there, such as Deployment/shop, since "manifests" is empty',
      );
  }
  if (service === undefined) {
    return fields
      .at("service")
      .report('needs a "service" that is there, such as shop:80, since "manifests" is empty');
  }
  return {
    workload: { kind, namespace, name },
    service: service.name,
    ...(service.port !== undefined && { servicePort: service.port }),
    objects: [],
    isRunning: true,
  };
}

/** Each file name with its place, so that a file that is not there can be reported. */
const FILES: Reader<readonly YamlValue[]> = {
  expected: "a file name or a list of file names",
  read: (value) =>
    (value.items() ?? [value]).filter(
      (file) => file.text !== undefined || file.refuse(FILES.expected) !== undefined,
    ),
};

async function loadAll(
  files: readonly YamlValue[] | undefined,
  place: YamlValue,
  { scenarioFile, problems }: { readonly scenarioFile: string; readonly problems: Problem[] },
): Promise<readonly Manifest[]> {
  const named = files?.map((value) => ({ value, name: value.text ?? "" }));
  const manifests: Manifest[] = [];
  for (const { value, name } of named ?? [{ value: place, name: DEFAULT_MANIFEST }]) {
    const file = resolve(dirname(scenarioFile), name);
    const loaded = await loadManifests(file, problems);
    if (loaded !== undefined) manifests.push(...loaded);
    else if (files === undefined) value.report(`lacks "manifests", and there is no ${file}`);
    else value.report(`is "${name}", but there is no file ${file}`);
  }
  return manifests;
}

/** A Service that does not reach the workload would make every run end in a timeout. */
function refuseStrangers(workload: Manifest, service: Manifest, namespace: string): void {
  const home = (object: KubernetesObject) => object.metadata.namespace ?? namespace;
  const { kind, metadata } = workload.object;
  const name = `${kind}/${metadata.name}`;
  if (home(workload.object) !== home(service.object)) {
    service.report(
      `is in namespace "${home(service.object)}", but ${name} is in "${home(workload.object)}"`,
    );
  } else if (!selects(service.object, workload.object)) {
    service.report(
      `selects no pod of ${name}: compare its selector with the pod template's labels`,
    );
  }
}
