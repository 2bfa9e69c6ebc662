import type { ApiConnection } from "./api-connection.ts";
import { refusal, statusOf } from "./api-errors.ts";
import type { ApiService, ApiServicePort } from "./api-objects.ts";
import { coreCollection, describeObject } from "./api-paths.ts";

/** By this label everything that we leave in a cluster is found. */
const MANAGED_BY = { "app.kubernetes.io/managed-by": "lastcall" };

/** The longest name that a Service may have. */
const LONGEST_NAME = 63;
const SUFFIX = "-lastcall";

interface Exposure {
  readonly service: ApiService;
  readonly port: ApiServicePort;
}

/** A Service of ours beside the user's. */
export interface ExposedService {
  readonly name: string;
  readonly nodePort: number;
}

/** Whether pods can be reached past the Service: by a selector, and not by a name elsewhere. */
export function canBeExposed({ spec }: ApiService): boolean {
  return spec.type !== "ExternalName" && Object.keys(spec.selector ?? {}).length > 0;
}

/**
 * Puts a NodePort Service with the same selector beside the user's, so that the same pods are reached from
 * outside of the nodes. The workload does not notice: a Service is rules on the nodes and EndpointSlices of
 * its own, which change with the user's. `remove` takes it away, and is given before it is there.
 */
export async function exposeOnNodes(
  api: ApiConnection,
  { service, port }: Exposure,
  { onUndo, signal }: { onUndo(remove: () => Promise<void>): void; readonly signal: AbortSignal },
): Promise<ExposedService> {
  const { namespace = "default" } = service.metadata;
  const name = service.metadata.name.slice(0, LONGEST_NAME - SUFFIX.length) + SUFFIX;
  const collection = coreCollection(namespace, "services");
  const described = describeObject("Service", namespace, name);
  const remove = async (within: AbortSignal): Promise<void> => {
    const attempt = `remove ${described}`;
    const path = `${collection}/${encodeURIComponent(name)}`;
    const answer = await api.request({ attempt, method: "DELETE", path }, within);
    if (answer.status > 299 && answer.status !== 404) throw refusal(attempt, answer);
  };
  onUndo(() => remove(AbortSignal.timeout(REMOVAL_LIMIT_MS)));
  const body = nodePortService(name, service, port);
  const attempt = `create ${described} beside ${service.metadata.name}`;
  for (;;) {
    const answer = await api.request({ attempt, method: "POST", path: collection, body }, signal);
    if (statusOf(answer).reason === "AlreadyExists") {
      await remove(signal); // left by a run that was killed; it may be for another port
      continue;
    }
    if (answer.status > 299) throw refusal(attempt, answer);
    const made = answer.body as ApiService; // the path says which kind it is
    return { name, nodePort: made.spec.ports?.[0]?.nodePort ?? 0 };
  }
}

const REMOVAL_LIMIT_MS = 10_000;

function nodePortService(name: string, { spec, metadata }: ApiService, port: ApiServicePort) {
  const { name: portName, port: number, targetPort, protocol, appProtocol } = port;
  return {
    apiVersion: "v1",
    kind: "Service",
    metadata: {
      name,
      labels: MANAGED_BY,
      annotations: { "lastcall.dev/beside": metadata.name },
    },
    spec: {
      type: "NodePort",
      selector: spec.selector,
      ...(spec.publishNotReadyAddresses === true && { publishNotReadyAddresses: true }),
      ports: [
        {
          port: number,
          ...(portName !== undefined && { name: portName }),
          ...(targetPort !== undefined && { targetPort }),
          ...(protocol !== undefined && { protocol }),
          ...(appProtocol !== undefined && { appProtocol }),
        },
      ],
    },
  };
}
