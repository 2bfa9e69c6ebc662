import { isDeepStrictEqual } from "node:util";
import type { Endpoint, EndpointSlice } from "#embedded/api/objects.ts";
import type { EndpointGroup } from "./desired-endpoints.ts";

const MAX_ENDPOINTS_PER_SLICE = 100;

/** What a slice is to hold. */
export interface SliceContent {
  readonly ports: EndpointSlice["ports"];
  readonly endpoints: Endpoint[];
}

export interface SlicePlan {
  readonly create: readonly SliceContent[];
  readonly update: readonly { readonly slice: EndpointSlice; readonly content: SliceContent }[];
  readonly remove: readonly EndpointSlice[];
}

/**
 * How to get from the slices that are there to the endpoints that ought to be, with few writes: an endpoint
 * stays in its slice and at its place, new ones fill up slices, and slices that are not needed any more
 * are used for others before they are removed. A Service without endpoints keeps one empty slice.
 */
export function planSlices(
  slices: readonly EndpointSlice[],
  groups: readonly EndpointGroup[],
): SlicePlan {
  const wanted = groups.length > 0 ? groups : [{ ports: [], endpoints: [] }];
  const used = new Set<EndpointSlice>();
  const update: { slice: EndpointSlice; content: SliceContent }[] = [];
  const create: SliceContent[] = [];
  for (const group of wanted) {
    const own = slices.filter(({ ports }) => isDeepStrictEqual(ports ?? [], group.ports));
    const { kept, left } = place(group, own);
    for (const { slice, content } of kept) {
      used.add(slice);
      if (!isDeepStrictEqual(content.endpoints, slice.endpoints ?? [])) {
        update.push({ slice, content });
      }
    }
    create.push(...left);
  }
  const unused = slices.filter((slice) => !used.has(slice));
  const recycled = create.flatMap((content, index) => {
    const slice = unused[index];
    return slice === undefined ? [] : [{ slice, content }];
  });
  return {
    create: create.slice(recycled.length),
    update: [...update, ...recycled],
    remove: unused.slice(recycled.length),
  };
}

interface Placement {
  readonly kept: readonly { readonly slice: EndpointSlice; readonly content: SliceContent }[];
  readonly left: readonly SliceContent[];
}

function place({ ports, endpoints }: EndpointGroup, slices: readonly EndpointSlice[]): Placement {
  const open = new Map(endpoints.map((endpoint) => [uidOf(endpoint), endpoint]));
  const kept = slices.map((slice) => {
    const stayed = (slice.endpoints ?? []).flatMap((endpoint) => {
      const now = open.get(uidOf(endpoint));
      open.delete(uidOf(endpoint));
      return now === undefined ? [] : [now];
    });
    return { slice, content: { ports: [...ports], endpoints: stayed } };
  });
  const newcomers = [...open.values()];
  for (const { content } of kept) {
    const room = MAX_ENDPOINTS_PER_SLICE - content.endpoints.length;
    content.endpoints.push(...newcomers.splice(0, room));
  }
  const left: SliceContent[] = [];
  while (newcomers.length > 0 || (kept.length === 0 && left.length === 0)) {
    const chunk = newcomers.splice(0, MAX_ENDPOINTS_PER_SLICE);
    left.push({ ports: [...ports], endpoints: chunk });
  }
  // An emptied slice stays only as long as it is the last one.
  const filled = kept.filter(({ content }) => content.endpoints.length > 0);
  return { kept: filled.length > 0 ? filled : kept.slice(0, 1), left };
}

function uidOf({ targetRef, addresses }: Endpoint): string {
  return targetRef?.uid ?? addresses[0] ?? "";
}
