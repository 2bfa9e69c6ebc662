import type { KubeObject, Pod } from "#embedded/api/objects.ts";

interface ServicePort {
  readonly name?: string;
  readonly port: number;
  readonly protocol?: string;
}

/** The Service by which pods reach the API; every pod is told of it. */
const MASTER = "kubernetes";

/**
 * The variables that tell a pod of the Services that were there when its container started: those of its
 * own namespace, unless it does not want them, and the API's own.
 */
export function serviceVariables(
  pod: Pod,
  services: readonly KubeObject[],
): Readonly<Record<string, string>> {
  const wantsLinks = pod.spec["enableServiceLinks"] !== false;
  const ofApi = services.filter(
    ({ metadata }) => metadata.name === MASTER && metadata.namespace === "default",
  );
  const own = services.filter(({ metadata }) => metadata.namespace === pod.metadata.namespace);
  return Object.assign({}, ...[...ofApi, ...(wantsLinks ? own : [])].map(variablesOf));
}

function variablesOf({ metadata, ...service }: KubeObject): Record<string, string> {
  const spec = (service["spec"] ?? {}) as {
    readonly clusterIP?: string;
    readonly ports?: readonly ServicePort[];
  }; // the schema of a Service
  const { clusterIP = "", ports = [] } = spec;
  const [first] = ports;
  if (["", "None"].includes(clusterIP) || first === undefined) return {};
  const name = metadata.name.toUpperCase().replaceAll("-", "_");
  const named = ports.flatMap(({ name: port, port: number }) => {
    return port
      ? [[`${name}_SERVICE_PORT_${port.toUpperCase().replaceAll("-", "_")}`, number]]
      : [];
  });
  const links = ports.flatMap(({ port, protocol = "TCP" }) => {
    const link = `${name}_PORT_${port}_${protocol}`;
    const url = `${protocol.toLowerCase()}://${clusterIP}:${port}`;
    return [
      ...[
        [link, url],
        [`${link}_PROTO`, protocol.toLowerCase()],
      ],
      ...[
        [`${link}_PORT`, port],
        [`${link}_ADDR`, clusterIP],
      ],
    ];
  });
  const { port, protocol = "TCP" } = first;
  return Object.fromEntries(
    [
      [`${name}_SERVICE_HOST`, clusterIP],
      [`${name}_SERVICE_PORT`, port],
      ...named,
      [`${name}_PORT`, `${protocol.toLowerCase()}://${clusterIP}:${port}`],
      ...links,
    ].map(([key, value]) => [key, String(value)]),
  );
}
