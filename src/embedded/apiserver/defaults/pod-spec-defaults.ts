import { isObject, type JsonObject } from "#embedded/apiserver/json/copy-json.ts";
import { fillIn, objectAt, objectsIn } from "#embedded/apiserver/json/fill-in.ts";

/** Completes a pod's spec, also inside a template: what controllers and kubelet then read back. */
export function setPodSpecDefaults(spec: JsonObject): void {
  fillIn(spec, {
    restartPolicy: "Always",
    dnsPolicy: "ClusterFirst",
    terminationGracePeriodSeconds: 30,
    securityContext: {},
    schedulerName: "default-scheduler",
  });
  // Less than nothing is the least that there is.
  if (Number(spec["terminationGracePeriodSeconds"]) < 0) spec["terminationGracePeriodSeconds"] = 1;
  for (const container of objectsIn(spec, "initContainers")) setContainerDefaults(container);
  for (const container of objectsIn(spec, "containers")) setContainerDefaults(container);
  for (const container of objectsIn(spec, "ephemeralContainers")) setContainerDefaults(container);
  for (const volume of objectsIn(spec, "volumes")) setVolumeDefaults(volume);
  if (spec["hostNetwork"] === true) mirrorHostPorts(spec);
  mirrorServiceAccount(spec);
}

function setContainerDefaults(container: JsonObject): void {
  fillIn(container, {
    resources: {},
    terminationMessagePath: "/dev/termination-log",
    terminationMessagePolicy: "File",
    imagePullPolicy: pullPolicyFor(String(container["image"] ?? "")),
  });
  const resources = objectAt(container, "resources");
  if (isObject(resources["limits"])) fillIn(objectAt(resources, "requests"), resources["limits"]);
  for (const port of objectsIn(container, "ports")) fillIn(port, { protocol: "TCP" });
  for (const probe of ["livenessProbe", "readinessProbe", "startupProbe"]) {
    const configured = container[probe];
    if (isObject(configured)) setProbeDefaults(configured);
  }
  const lifecycle = container["lifecycle"];
  if (isObject(lifecycle)) {
    for (const hook of ["preStop", "postStart"]) setActionDefaults(lifecycle[hook]);
  }
  for (const variable of objectsIn(container, "env")) {
    const source = variable["valueFrom"];
    if (isObject(source) && isObject(source["fieldRef"])) {
      fillIn(source["fieldRef"], { apiVersion: "v1" });
    }
  }
}

/** A tag that may move is pulled every time. */
function pullPolicyFor(image: string): string {
  if (image.includes("@")) return "IfNotPresent";
  const tag = /:([^/:]+)$/.exec(image)?.[1] ?? "latest";
  return tag === "latest" ? "Always" : "IfNotPresent";
}

function setProbeDefaults(probe: JsonObject): void {
  const defaults = {
    timeoutSeconds: 1,
    periodSeconds: 10,
    successThreshold: 1,
    failureThreshold: 3,
  };
  // Zero means "not given" here, as everywhere in Go.
  for (const field of Object.keys(defaults)) if (probe[field] === 0) delete probe[field];
  fillIn(probe, defaults);
  setActionDefaults(probe);
}

function setActionDefaults(action: unknown): void {
  if (!isObject(action)) return;
  if (isObject(action["httpGet"])) fillIn(action["httpGet"], { path: "/", scheme: "HTTP" });
  if (isObject(action["grpc"])) fillIn(action["grpc"], { service: "" });
}

/** 0644 */
const DEFAULT_MODE = 420;

function setVolumeDefaults(volume: JsonObject): void {
  const sources = Object.keys(volume).filter((field) => field !== "name");
  if (sources.length === 0) volume["emptyDir"] = {};
  for (const source of ["configMap", "secret", "projected", "downwardAPI"]) {
    const configured = volume[source];
    if (isObject(configured)) fillIn(configured, { defaultMode: DEFAULT_MODE });
  }
  if (isObject(volume["hostPath"])) fillIn(volume["hostPath"], { type: "" });
}

function mirrorHostPorts(spec: JsonObject): void {
  for (const container of objectsIn(spec, "containers")) {
    for (const port of objectsIn(container, "ports")) {
      fillIn(port, { hostPort: port["containerPort"] });
    }
  }
}

/** `serviceAccount` is the old name of `serviceAccountName`; both are served. */
function mirrorServiceAccount(spec: JsonObject): void {
  const name = spec["serviceAccountName"] ?? spec["serviceAccount"];
  if (name !== undefined) Object.assign(spec, { serviceAccountName: name, serviceAccount: name });
}
