import type { KubeObject } from "#embedded/api/objects.ts";
import { isObject } from "#embedded/apiserver/json/copy-json.ts";

/** Plain paths, `.spec.replicas`, and conditions by type, `.status.conditions[?(@.type=="Ready")].status`. */
export function valueAt(object: KubeObject, jsonPath: string): unknown {
  const steps = jsonPath.match(/\[\?\(@\.\w+=="[^"]*"\)\]|\[\d+\]|[^.[\]]+/g) ?? [];
  return steps.reduce<unknown>((value, step) => {
    const filter = /^\[\?\(@\.(\w+)=="([^"]*)"\)\]$/.exec(step);
    if (filter !== null) {
      const [, field = "", wanted] = filter;
      return Array.isArray(value)
        ? value.find((item) => isObject(item) && item[field] === wanted)
        : undefined;
    }
    const index = /^\[(\d+)\]$/.exec(step)?.[1];
    if (index !== undefined) return Array.isArray(value) ? value[Number(index)] : undefined;
    return isObject(value) ? value[step] : undefined;
  }, object);
}
