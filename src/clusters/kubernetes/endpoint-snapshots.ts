import type { EndpointSnapshot } from "#domain/observation.ts";
import type { ApiEndpointSlice } from "./api-objects.ts";

/** One line per address; a condition that is not set means what the EndpointSlice API says it means. */
export function endpointSnapshots({ endpoints }: ApiEndpointSlice): readonly EndpointSnapshot[] {
  return (endpoints ?? []).flatMap(({ addresses, conditions, targetRef }) => {
    // Unset: `ready` counts as true, `serving` as `ready`, `terminating` as false.
    const ready = conditions?.ready ?? true;
    const serving = conditions?.serving ?? ready;
    const terminating = conditions?.terminating ?? false;
    const pod = targetRef?.kind === "Pod" ? targetRef.name : undefined;
    return addresses.map((address) => ({
      address,
      ...(pod !== undefined && { pod }),
      ready,
      serving,
      terminating,
    }));
  });
}
