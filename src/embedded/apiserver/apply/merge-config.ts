import { copyJson, isObject, type JsonObject } from "#embedded/apiserver/json/copy-json.ts";
import { orderBySetElementOrder } from "#embedded/apiserver/patch/set-element-order.ts";
import { itemElement, valueElement } from "./fields-v1.ts";
import { fieldTopology, hasFields, type Topology } from "./topology.ts";

/** The object with everything that a configuration says; what it does not mention stays. */
export function mergeConfig(topology: Topology, live: unknown, config: unknown): unknown {
  if (config === null || config === undefined) return undefined;
  if (hasFields(topology, config) && isObject(config)) {
    return mergeEntries(topology, isObject(live) ? live : {}, config);
  }
  switch (topology.type) {
    case "items": {
      const { keys, of } = topology;
      const identify = (item: unknown) => itemElement(item, keys);
      return mergeLists({ live, config }, identify, (one, other) => mergeConfig(of, one, other));
    }
    case "values":
      return mergeLists({ live, config }, valueElement, (_, value) => value);
    default:
      return copyJson(config);
  }
}

function mergeEntries(topology: Topology, live: JsonObject, config: JsonObject): JsonObject {
  const merged = copyJson(live);
  for (const [name, value] of Object.entries(config)) {
    const inner = fieldTopology(topology, name) ?? { type: "whole" };
    const result = mergeConfig(inner, live[name], value);
    if (result === undefined) delete merged[name];
    else merged[name] = result;
  }
  return merged;
}

/** In the order of the configuration; what only the live list has keeps its place beside its neighbours. */
function mergeLists(
  lists: { readonly live: unknown; readonly config: unknown },
  identify: (item: unknown) => string | undefined,
  merge: (live: unknown, config: unknown) => unknown,
): readonly unknown[] {
  const live = Array.isArray(lists.live) ? lists.live : [];
  const config = Array.isArray(lists.config) ? lists.config : [];
  const byIdentity = new Map(live.map((item) => [identify(item), item]));
  const wanted = config.map(identify);
  const merged = [
    ...config.map((item) => merge(byIdentity.get(identify(item)), item)),
    ...live.filter((item) => !wanted.includes(identify(item))).map(copyJson),
  ];
  return orderBySetElementOrder(merged, identify, { wanted, original: live.map(identify) });
}
