import type { Pod } from "#embedded/api/objects.ts";
import { badRequest } from "#embedded/apiserver/status/refusals.ts";

/** Which container of a bound pod a request means; throws a 400 when that is open. */
export function addressedContainer(pod: Pod, requested: string): string {
  const { metadata, spec } = pod;
  const regular = spec.containers.map(({ name }) => name);
  const init = (spec.initContainers ?? []).map(({ name }) => name);
  const name = requested === "" ? onlyContainer(pod, regular, init) : requested;
  const ephemeral = (spec.ephemeralContainers ?? []).map((container) => container.name);
  if (![...regular, ...init, ...ephemeral].includes(name)) {
    throw badRequest(`container ${name} is not valid for pod ${metadata.name}`);
  }
  if ((spec.nodeName ?? "") === "") {
    throw badRequest(`pod ${metadata.name} does not have a host assigned`);
  }
  return name;
}

/** Which container a log request means; throws a 400 when that is open, or when it has no log yet. */
export function loggedContainer(pod: Pod, requested: string): string {
  const { metadata, status } = pod;
  const name = addressedContainer(pod, requested);
  const { containerStatuses = [], initContainerStatuses = [] } = status;
  const { ephemeralContainerStatuses = [] } = status;
  const statuses = [...containerStatuses, ...initContainerStatuses, ...ephemeralContainerStatuses];
  const found = statuses.find((container) => container.name === name);
  const waiting =
    found?.state.waiting?.reason ?? (found === undefined ? "ContainerCreating" : undefined);
  // A container that waits for its restart still has the log of its last run.
  if (waiting !== undefined && found?.lastState.terminated === undefined) {
    const subject = `container ${JSON.stringify(name)} in pod ${JSON.stringify(metadata.name)}`;
    throw badRequest(`${subject} is waiting to start: ${waiting}`);
  }
  return name;
}

function onlyContainer(
  { metadata }: Pod,
  regular: readonly string[],
  init: readonly string[],
): string {
  const marked = metadata.annotations?.["kubectl.kubernetes.io/default-container"];
  if (marked !== undefined && regular.includes(marked)) return marked;
  const [first = ""] = regular;
  if (regular.length === 1) return first;
  const initText = init.length === 0 ? "" : ` or one of the init containers: [${init.join(" ")}]`;
  throw badRequest(
    `a container name must be specified for pod ${metadata.name}, choose one of: [${regular.join(" ")}]${initText}`,
  );
}
