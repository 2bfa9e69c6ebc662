import { entriesOf, type Trace, type TraceObject } from "./trace.ts";

/** What the two kinds of endpoint objects say of one address. */
export interface Endpoint {
  readonly ready: boolean;
  /** Undefined in the older Endpoints, which do not know it. */
  readonly serving?: boolean;
  readonly terminating?: boolean;
}

interface SliceEndpoint {
  readonly conditions?: Partial<Endpoint>;
  readonly targetRef?: { readonly uid?: string };
}

interface Subset {
  readonly addresses?: readonly SliceEndpoint[];
  readonly notReadyAddresses?: readonly SliceEndpoint[];
}

/** The three conditions, in the words of the API. */
export function describeEndpoint({ ready, serving, terminating }: Endpoint): string {
  return `ready=${ready} serving=${serving} terminating=${terminating}`;
}

const ABSENT = "absent";

/**
 * By pod UID and Service, the distinct states of its endpoint in order. Which endpoints change in one
 * write is chance, so each is followed for itself; a pod that was there from the beginning begins with
 * its state, one that came begins absent.
 */
export function endpointTracks(
  trace: Trace,
  resource: "endpointslices" | "endpoints",
  describe: (endpoint: Endpoint) => string,
): ReadonlyMap<string, ReadonlyMap<string, readonly string[]>> {
  const tracks = new Map<string, Map<string, string[]>>();
  const slices = new Map<string, ReadonlyMap<string, Endpoint>>();
  for (const { type, object } of entriesOf(trace, resource)) {
    const service = serviceOf(object);
    const before = mergedEndpoints(slices, service);
    slices.set(
      `${service}/${object.metadata.uid}`,
      type === "DELETED" ? new Map() : endpointsOf(object),
    );
    const after = mergedEndpoints(slices, service);
    for (const uid of new Set([...before.keys(), ...after.keys()])) {
      const endpoint = after.get(uid);
      const state = endpoint === undefined ? ABSENT : describe(endpoint);
      const ofPod = tracks.get(uid) ?? new Map<string, string[]>();
      tracks.set(uid, ofPod);
      const track = ofPod.get(service) ?? (type === "INITIAL" ? [] : [ABSENT]);
      ofPod.set(service, track);
      if (track.at(-1) !== state) track.push(state);
    }
  }
  return tracks;
}

/** A Service may have several slices, and an endpoint may move between them: only all together are its state. */
function mergedEndpoints(
  slices: ReadonlyMap<string, ReadonlyMap<string, Endpoint>>,
  service: string,
): ReadonlyMap<string, Endpoint> {
  return new Map(
    [...slices].flatMap(([key, endpoints]) =>
      key.startsWith(`${service}/`) ? [...endpoints] : [],
    ),
  );
}

function serviceOf({ metadata }: TraceObject): string {
  return metadata.labels?.["kubernetes.io/service-name"] ?? metadata.name;
}

function endpointsOf(object: TraceObject): ReadonlyMap<string, Endpoint> {
  // The API server serves what the resource is: a slice has endpoints, Endpoints have subsets.
  const { endpoints, subsets } = object as {
    readonly endpoints?: readonly SliceEndpoint[] | null;
    readonly subsets?: readonly Subset[] | null;
  };
  const found = new Map<string, Endpoint>();
  for (const { conditions, targetRef } of endpoints ?? []) {
    if (targetRef?.uid) found.set(targetRef.uid, { ready: true, ...conditions });
  }
  for (const { addresses = [], notReadyAddresses = [] } of subsets ?? []) {
    for (const { targetRef } of addresses)
      if (targetRef?.uid) found.set(targetRef.uid, { ready: true });
    for (const { targetRef } of notReadyAddresses) {
      if (targetRef?.uid) found.set(targetRef.uid, { ready: false });
    }
  }
  return found;
}
