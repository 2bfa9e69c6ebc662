import type { Container, Handler, Probe } from "#embedded/api/objects.ts";
import { parseQuantity } from "#embedded/api/quantity.ts";
import {
  duplicate,
  forbidden,
  invalid,
  missing,
  notSupported,
  type Problem,
  required,
} from "./problem.ts";

/** What a container's validity depends on besides itself. */
interface Surroundings {
  readonly path: string;
  readonly graceSeconds: number;
  readonly volumes: readonly string[];
  readonly isInit: boolean;
}

const NAME = /^[a-z0-9]([-a-z0-9]*[a-z0-9])?$/;
const NAME_RULE =
  "a lowercase RFC 1123 label must consist of lower case alphanumeric characters or '-', and must start and end with an alphanumeric character (e.g. 'my-name',  or '123-abc', regex used for validation is '[a-z0-9]([-a-z0-9]*[a-z0-9])?')";

/** What is wrong with one container. */
export function containerProblems(container: Container, around: Surroundings): readonly Problem[] {
  const { path } = around;
  const isSidecar = around.isInit && container.restartPolicy === "Always";
  return [
    ...nameProblems(container.name, `${path}.name`),
    ...((container.image ?? "") === "" ? [required(`${path}.image`)] : []),
    ...portProblems(container, path),
    ...envProblems(container, path),
    ...mountProblems(container, around),
    ...resourceProblems(container, `${path}.resources`),
    ...(around.isInit && !isSidecar ? runsToCompletion(container, path) : []),
    ...lifecycleProblems(container, around),
    ...probeProblems(container.livenessProbe, `${path}.livenessProbe`, "liveness"),
    ...probeProblems(container.readinessProbe, `${path}.readinessProbe`, "readiness"),
    ...probeProblems(container.startupProbe, `${path}.startupProbe`, "startup"),
    ...pullPolicyProblems(container, path),
  ];
}

function nameProblems(name: string | undefined, field: string): readonly Problem[] {
  if (name === undefined || name === "") return [required(field)];
  return NAME.test(name) ? [] : [invalid(field, name, NAME_RULE)];
}

function portProblems({ ports = [] }: Container, path: string): readonly Problem[] {
  return ports.flatMap(({ name, containerPort, protocol = "TCP" }, index) => {
    const field = `${path}.ports[${index}]`;
    const repeated =
      name !== undefined && ports.findIndex((other) => other.name === name) < index
        ? [duplicate(`${field}.name`, name)]
        : [];
    return [
      ...repeated,
      ...(containerPort === undefined ? [required(`${field}.containerPort`)] : []),
      ...(containerPort === undefined ? [] : portNumber(containerPort, `${field}.containerPort`)),
      ...(["TCP", "UDP", "SCTP"].includes(protocol)
        ? []
        : [notSupported(`${field}.protocol`, protocol, ["SCTP", "TCP", "UDP"])]),
    ];
  });
}

function portNumber(port: unknown, field: string): readonly Problem[] {
  if (typeof port === "string" || (typeof port === "number" && port >= 1 && port <= 65_535)) {
    return [];
  }
  return [invalid(field, port, "must be between 1 and 65535, inclusive")];
}

function envProblems({ env = [] }: Container, path: string): readonly Problem[] {
  return env.flatMap(({ name, value, valueFrom }, index) => {
    const field = `${path}.env[${index}]`;
    if ((name ?? "") === "") return [required(`${field}.name`)];
    if (valueFrom === undefined || (value ?? "") === "") return [];
    return [invalid(`${field}.valueFrom`, "", "may not be specified when `value` is not empty")];
  });
}

function mountProblems(
  { volumeMounts = [] }: Container,
  { path, volumes }: Surroundings,
): readonly Problem[] {
  return volumeMounts.flatMap(({ name, mountPath }, index) => {
    const field = `${path}.volumeMounts[${index}]`;
    return [
      ...((name ?? "") === "" ? [required(`${field}.name`)] : []),
      ...((name ?? "") !== "" && !volumes.includes(name) ? [missing(`${field}.name`, name)] : []),
      ...((mountPath ?? "") === "" ? [required(`${field}.mountPath`)] : []),
    ];
  });
}

function resourceProblems({ resources = {} }: Container, path: string): readonly Problem[] {
  const { requests = {}, limits = {} } = resources;
  return Object.entries(requests).flatMap(([name, request]) => {
    const limit = limits[name];
    if (limit === undefined || parseQuantity(request) <= parseQuantity(limit)) return [];
    const detail = `must be less than or equal to ${name} limit of ${limit}`;
    return [invalid(`${path}.requests`, request, detail)];
  });
}

/** An init container that is no sidecar ends by itself, so there is nothing to probe or to stop. */
function runsToCompletion(container: Container, path: string): readonly Problem[] {
  const detail = "may not be set for init containers without restartPolicy=Always";
  return (["lifecycle", "livenessProbe", "readinessProbe", "startupProbe"] as const)
    .filter((field) => container[field] !== undefined)
    .map((field) => forbidden(`${path}.${field}`, detail));
}

function lifecycleProblems(
  { lifecycle }: Container,
  { path, graceSeconds }: Surroundings,
): readonly Problem[] {
  return (["postStart", "preStop"] as const).flatMap((hook) => {
    const handler = lifecycle?.[hook];
    if (handler === undefined) return [];
    const field = `${path}.lifecycle.${hook}`;
    const seconds = handler.sleep?.seconds;
    const tooLong = seconds !== undefined && (seconds < 0 || seconds > graceSeconds);
    const detail = `must be non-negative and less than terminationGracePeriodSeconds (${graceSeconds})`;
    return [
      ...handlerProblems(handler, field, ["exec", "httpGet", "tcpSocket", "sleep"]),
      ...(tooLong ? [invalid(`${field}.sleep`, seconds, detail)] : []),
    ];
  });
}

function probeProblems(
  probe: Probe | undefined,
  field: string,
  type: "liveness" | "readiness" | "startup",
): readonly Problem[] {
  if (probe === undefined) return [];
  const counts = (
    [
      "initialDelaySeconds",
      "timeoutSeconds",
      "periodSeconds",
      "successThreshold",
      "failureThreshold",
    ] as const
  )
    .filter((count) => (probe[count] ?? 0) < 0)
    .map((count) =>
      invalid(`${field}.${count}`, probe[count], "must be greater than or equal to 0"),
    );
  const once = type !== "readiness" && (probe.successThreshold ?? 1) !== 1;
  const graceGiven = probe.terminationGracePeriodSeconds !== undefined;
  return [
    ...handlerProblems(probe, field, ["exec", "httpGet", "tcpSocket", "grpc"]),
    ...counts,
    ...(once ? [invalid(`${field}.successThreshold`, probe.successThreshold, "must be 1")] : []),
    ...(type === "readiness" && graceGiven
      ? [
          invalid(
            `${field}.terminationGracePeriodSeconds`,
            probe.terminationGracePeriodSeconds,
            "must not be set for readinessProbes",
          ),
        ]
      : []),
  ];
}

type HandlerType = "exec" | "httpGet" | "tcpSocket" | "sleep" | "grpc";

function handlerProblems(
  handler: Handler & { readonly grpc?: unknown },
  field: string,
  types: readonly HandlerType[],
): readonly Problem[] {
  const given = types.filter((type) => handler[type] !== undefined);
  if (given.length === 0) return [required(field, "must specify a handler type")];
  const extra = given
    .slice(1)
    .map((type) => forbidden(`${field}.${type}`, "may not specify more than 1 handler type"));
  const { exec, httpGet, tcpSocket } = handler;
  return [
    ...extra,
    ...(exec !== undefined && (exec.command ?? []).length === 0
      ? [required(`${field}.exec.command`)]
      : []),
    ...(httpGet === undefined ? [] : portNumber(httpGet.port, `${field}.httpGet.port`)),
    ...(tcpSocket === undefined ? [] : portNumber(tcpSocket.port, `${field}.tcpSocket.port`)),
  ];
}

function pullPolicyProblems({ imagePullPolicy }: Container, path: string): readonly Problem[] {
  const supported = ["Always", "IfNotPresent", "Never"];
  if (imagePullPolicy === undefined || supported.includes(imagePullPolicy)) return [];
  return [notSupported(`${path}.imagePullPolicy`, imagePullPolicy, supported)];
}
