import { basename } from "node:path";
import type { HttpStream } from "#domain/load-profile.ts";
import type { Scenario, Timing } from "#domain/scenario.ts";
import type { KubernetesObject, WorkloadRef } from "#domain/workload.ts";
import { SUCCESS } from "./read-expectation.ts";
import { DEFAULT_TIMEOUTS } from "./read-timeouts.ts";
import { DEFAULT_TIMING } from "./read-timing.ts";

/** A server that somebody starts by hand, and how Kubernetes would be told to run it. */
export interface ServerCommand {
  readonly command: readonly string[];
  /** Absolute; where the program is started, as it is by hand. */
  readonly directory: string;
  /** What the program finds besides HOST, PORT and POD_NAME; it travels in a Secret. */
  readonly environment: Readonly<Record<string, string>>;
  readonly port: number;
  /** What the load asks for. */
  readonly path: string;
  /** A path whose answer takes long enough to be under way when SIGTERM comes. */
  readonly slowPath?: string;
  /** Of the readiness probe; absent, a pod is ready when its port accepts a connection. */
  readonly probePath?: string;
  readonly preStopSeconds?: number;
  readonly gracePeriodSeconds: number;
  readonly replicas: number;
  /** Requests a second over kept connections, and as many again each on a connection of its own. */
  readonly perSecond: number;
}

const IMAGE = "lastcall/try:1";
const ENVIRONMENT = "try-environment";
/** Not 80: an ordinary user may not listen below 1024, and here the Service is a listener of this machine. */
const SERVICE_PORT = 8080;

/** Short waits: somebody sits in front of it. */
const TIMING: Timing = {
  ...DEFAULT_TIMING,
  warmUpMs: 500,
  controlMs: 2_000,
  recoveryMs: 1_000,
  deadlineMs: 60_000,
};

const SLOW_PER_SECOND = 5;

/** The Deployment, Service and load that put a plain server command to the test. */
export function commandScenario(server: ServerCommand): Scenario {
  const { command, directory, replicas } = server;
  const name = objectName(basename(directory));
  const workload: WorkloadRef = { kind: "Deployment", namespace: "default", name };
  const labels = { app: name };
  const load = [
    stream("kept", "reused", { path: server.path, perSecond: server.perSecond, replicas }),
    stream("new", "fresh", { path: server.path, perSecond: server.perSecond, replicas }),
    ...(server.slowPath === undefined
      ? []
      : [stream("slow", "fresh", { path: server.slowPath, perSecond: SLOW_PER_SECOND, replicas })]),
  ];
  return {
    name,
    directory,
    workload,
    service: name,
    objects: [
      {
        apiVersion: "v1",
        kind: "Secret",
        metadata: { name: ENVIRONMENT },
        stringData: server.environment,
      },
      {
        apiVersion: "v1",
        kind: "Service",
        metadata: { name },
        spec: { selector: labels, ports: [{ port: SERVICE_PORT, targetPort: server.port }] },
      },
      deployment(name, server),
    ].map((object) => inNamespace(object, workload.namespace)),
    images: [{ image: IMAGE, directory, command }],
    load,
    timing: TIMING,
    // Somebody waits for the answer, and whatever the program needs should be there.
    exitsForgiven: 0,
  };
}

function deployment(name: string, server: ServerCommand): KubernetesObject {
  const { port, probePath, preStopSeconds, gracePeriodSeconds, replicas } = server;
  const labels = { app: name };
  const probe =
    probePath === undefined ? { tcpSocket: { port } } : { httpGet: { path: probePath, port } };
  const container = {
    name: "server",
    image: IMAGE,
    ports: [{ containerPort: port }],
    envFrom: [{ secretRef: { name: ENVIRONMENT } }],
    env: [
      { name: "PORT", value: String(port) },
      { name: "HOST", valueFrom: { fieldRef: { fieldPath: "status.podIP" } } },
      { name: "POD_NAME", valueFrom: { fieldRef: { fieldPath: "metadata.name" } } },
    ],
    readinessProbe: { ...probe, periodSeconds: 1 },
    ...(preStopSeconds !== undefined && {
      lifecycle: { preStop: { sleep: { seconds: preStopSeconds } } },
    }),
  };
  return {
    apiVersion: "apps/v1",
    kind: "Deployment",
    metadata: { name },
    spec: {
      replicas,
      selector: { matchLabels: labels },
      template: {
        metadata: { labels },
        spec: { terminationGracePeriodSeconds: gracePeriodSeconds, containers: [container] },
      },
    },
  };
}

function stream(
  name: string,
  type: HttpStream["type"],
  { path, perSecond, replicas }: Pick<ServerCommand, "path" | "perSecond" | "replicas">,
): HttpStream {
  return {
    type,
    name,
    arrival: { type: "constant", perSecond },
    request: { method: "GET", path, headers: {} },
    connections: Math.max(8 * replicas, type === "reused" ? perSecond : 2 * perSecond),
    timeouts: DEFAULT_TIMEOUTS,
    expect: SUCCESS,
  };
}

function inNamespace(object: KubernetesObject, namespace: string): KubernetesObject {
  return { ...object, metadata: { ...object.metadata, namespace } };
}

/** What may name a Service: `My App` becomes `my-app`. */
function objectName(text: string): string {
  const name = text
    .toLowerCase()
    .replaceAll(/[^a-z0-9]+/g, "-")
    .replaceAll(/^[^a-z]+|-+$/g, "")
    .slice(0, 40);
  return name === "" ? "server" : name;
}
