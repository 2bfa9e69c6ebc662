import type { ApiClient } from "#embedded/api/client.ts";
import type { Service } from "#embedded/api/objects.ts";
import { EVENTS } from "#embedded/api/resources.ts";
import type { Frontend } from "./service-frontends.ts";

const HINTS: Readonly<Record<string, string>> = {
  EACCES:
    "ports below 1024 need privileges here; use a higher port, or reach the Service at its node port",
  EADDRINUSE:
    "another process has the port on this or on every address; stop it, or use another port",
  EADDRNOTAVAIL: "this machine does not have the address",
};

/** Tells on the Service that it cannot be reached at one of its ports, and what to do about it. */
export async function recordListenFailure(
  client: ApiClient,
  service: Service,
  { address, port, portName }: Frontend,
  error: Error,
): Promise<void> {
  const { name, namespace = "default", uid, resourceVersion } = service.metadata;
  const code = "code" in error ? String(error.code) : error.message;
  const hint = HINTS[code];
  const at = new Date().toISOString().replace(/\.\d+Z$/, "Z");
  await client.create(EVENTS, {
    apiVersion: "v1",
    kind: "Event",
    metadata: { generateName: `${name}.`, namespace },
    involvedObject: { kind: "Service", namespace, name, uid, apiVersion: "v1", resourceVersion },
    reason: "ListenFailed",
    message: `Cannot listen on ${address}:${port} for port ${portName}: ${code}${hint === undefined ? "" : ` (${hint})`}`,
    source: { component: "kube-proxy" },
    firstTimestamp: at,
    lastTimestamp: at,
    count: 1,
    type: "Warning",
    eventTime: null,
    reportingComponent: "kube-proxy",
    reportingInstance: "",
  });
}
