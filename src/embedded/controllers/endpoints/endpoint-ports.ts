import type { EndpointSlice, Pod, Service, ServicePort } from "#embedded/api/objects.ts";

export type EndpointPort = EndpointSlice["ports"][number];

/** The ports that a Service reaches on a pod. A named target may have another number on every pod. */
export function endpointPorts({ spec }: Service, pod: Pod): readonly EndpointPort[] {
  return (spec.ports ?? []).flatMap((servicePort) => {
    const port = targetPort(servicePort, pod);
    if (port === undefined) return [];
    const { name = "", protocol = "TCP" } = servicePort;
    const appProtocol = "appProtocol" in servicePort ? servicePort.appProtocol : undefined;
    return [{ name, protocol, port, ...(typeof appProtocol === "string" ? { appProtocol } : {}) }];
  });
}

function targetPort(servicePort: ServicePort, { spec }: Pod): number | undefined {
  const { port, protocol = "TCP", targetPort = port } = servicePort;
  if (typeof targetPort === "number") return targetPort === 0 ? port : targetPort;
  const sidecars = (spec.initContainers ?? []).filter(
    ({ restartPolicy }) => restartPolicy === "Always",
  );
  return [...spec.containers, ...sidecars]
    .flatMap(({ ports = [] }) => ports)
    .find(
      (candidate) => candidate.name === targetPort && (candidate.protocol ?? "TCP") === protocol,
    )?.containerPort;
}
