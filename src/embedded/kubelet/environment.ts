import { dirname } from "node:path";
import type { ApiClient } from "#embedded/api/client.ts";
import type { Container, EnvVar, KubeObject, Pod } from "#embedded/api/objects.ts";
import { CONFIG_MAPS, SECRETS, SERVICES } from "#embedded/api/resources.ts";
import { fieldValue, type PodFacts, resourceValue } from "./downward-api.ts";
import { expandVariables } from "./expand-variables.ts";
import { serviceVariables } from "./service-links.ts";

/** The container cannot be described to the runtime yet; the message is the one that kubectl shows. */
export class ConfigError extends Error {
  constructor(message: string) {
    super(message);
    this.name = "ConfigError";
  }
}

export interface EnvironmentInput {
  readonly pod: Pod;
  readonly container: Container;
  readonly facts: PodFacts;
  readonly client: ApiClient;
}

/**
 * The Services that are there now, and the variables that the container itself declares: `envFrom` first, then `env` in its order, each
 * with the references to what came before it expanded.
 */
export async function declaredEnvironment(
  input: EnvironmentInput,
): Promise<Readonly<Record<string, string>>> {
  const { items: services } = await input.client.list<KubeObject>(SERVICES);
  const variables: Record<string, string> = { ...serviceVariables(input.pod, services) };
  for (const { prefix = "", configMapRef, secretRef } of input.container.envFrom ?? []) {
    const entries = configMapRef
      ? await configMapData(input, configMapRef)
      : await secretData(input, secretRef ?? { name: "", optional: true });
    for (const [key, value] of Object.entries(entries ?? {})) variables[`${prefix}${key}`] = value;
  }
  for (const variable of input.container.env ?? []) {
    const value = await variableValue(variable, input);
    if (value !== undefined) variables[variable.name] = expandVariables(value, variables);
  }
  return variables;
}

/**
 * What a program finds before the container's own variables: nothing of the harness's environment but
 * the directory of its Node.js. HOST is the address the program must listen on: all pods share one
 * network here, so listening on every address would take the port from the other pods.
 */
export function baseEnvironment(
  pod: Pod,
  facts: PodFacts,
  directories: {
    readonly home: string;
    readonly temporary: string;
    readonly programs?: string | undefined;
    readonly ownPrograms?: string | undefined;
  },
): Readonly<Record<string, string>> {
  const system = "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin";
  return {
    PATH: [directories.ownPrograms, dirname(process.execPath), ...[system, directories.programs]]
      .filter(Boolean)
      .join(":"),
    HOME: directories.home,
    TMPDIR: directories.temporary,
    HOSTNAME: (pod.spec.hostname ?? pod.metadata.name).slice(0, 63),
    HOST: facts.podIP,
  };
}

async function variableValue(
  variable: EnvVar,
  input: EnvironmentInput,
): Promise<string | undefined> {
  const { value, valueFrom } = variable;
  if (valueFrom === undefined) return value ?? "";
  const { fieldRef, resourceFieldRef, configMapKeyRef, secretKeyRef } = valueFrom;
  if (fieldRef !== undefined) {
    const found = fieldValue(fieldRef.fieldPath, input.pod, input.facts);
    if (found === undefined) throw new ConfigError(`unsupported fieldPath: ${fieldRef.fieldPath}`);
    return found;
  }
  if (resourceFieldRef !== undefined) {
    const named = resourceFieldRef.containerName ?? input.container.name;
    const container = input.pod.spec.containers.find(({ name }) => name === named);
    return resourceValue(resourceFieldRef, container ?? input.container, input.facts);
  }
  const reference = configMapKeyRef ?? secretKeyRef;
  if (reference === undefined) return undefined;
  const data = await (configMapKeyRef ? configMapData : secretData)(input, reference);
  const found = data?.[reference.key];
  if (found === undefined && reference.optional !== true) {
    const kind = configMapKeyRef ? "ConfigMap" : "Secret";
    const owner = `${kind} ${input.pod.metadata.namespace ?? "default"}/${reference.name}`;
    throw new ConfigError(`couldn't find key ${reference.key} in ${owner}`);
  }
  return found;
}

interface Reference {
  readonly name: string;
  readonly optional?: boolean;
}

async function configMapData({ client, pod }: EnvironmentInput, reference: Reference) {
  const object = await client.get<KubeObject>(CONFIG_MAPS, reference.name, pod.metadata.namespace);
  if (object === undefined) return missing("configmap", reference);
  return (object["data"] ?? {}) as Record<string, string>; // a ConfigMap's data is text by its schema
}

async function secretData({ client, pod }: EnvironmentInput, reference: Reference) {
  const object = await client.get<KubeObject>(SECRETS, reference.name, pod.metadata.namespace);
  if (object === undefined) return missing("secret", reference);
  const encoded = (object["data"] ?? {}) as Record<string, string>; // base64 by its schema
  return Object.fromEntries(
    Object.entries(encoded).map(([key, value]) => [key, Buffer.from(value, "base64").toString()]),
  );
}

function missing(kind: string, { name, optional }: Reference): undefined {
  if (optional !== true) throw new ConfigError(`${kind} ${JSON.stringify(name)} not found`);
  return undefined;
}
