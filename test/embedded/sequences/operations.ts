import {
  type Arbitrary,
  array,
  boolean,
  constant,
  constantFrom,
  integer,
  oneof,
  record,
} from "fast-check";

/** One thing that a client does; names are drawn from few, so that operations meet. */
export type Operation =
  | { readonly type: "count"; readonly name: string; readonly clients: number }
  | { readonly type: "annotate"; readonly name: string; readonly kind: "merge" | "json" }
  | { readonly type: "remove"; readonly name: string; readonly withStaleVersion: boolean }
  | { readonly type: "finalizer"; readonly name: string; readonly set: boolean }
  | { readonly type: "deploy"; readonly name: string; readonly replicas: number }
  | { readonly type: "retemplate"; readonly name: string; readonly image: string }
  | { readonly type: "undeploy"; readonly name: string; readonly policy: DeletionPolicy }
  | { readonly type: "serve"; readonly name: string }
  | { readonly type: "unserve"; readonly name: string }
  | { readonly type: "kill-pod"; readonly index: number; readonly force: boolean }
  | { readonly type: "pause"; readonly ms: number };

export type DeletionPolicy = "Background" | "Foreground" | "Orphan";

const MAPS = constantFrom("map-a", "map-b");
const WORKLOADS = constantFrom("web", "shop");

function of<T extends Operation["type"]>(
  type: T,
  rest: {
    [K in keyof Omit<Extract<Operation, { type: T }>, "type">]: Arbitrary<
      Extract<Operation, { type: T }>[K & keyof Extract<Operation, { type: T }>]
    >;
  },
): Arbitrary<Operation> {
  return record({ type: constant(type), ...rest }) as unknown as Arbitrary<Operation>;
}

/** Sequences as clients with many wishes and little sense would send them; they shrink to few. */
export const SEQUENCES: Arbitrary<readonly Operation[]> = array(
  oneof(
    of("count", { name: MAPS, clients: integer({ min: 1, max: 5 }) }),
    of("annotate", { name: MAPS, kind: constantFrom("merge" as const, "json" as const) }),
    of("remove", { name: MAPS, withStaleVersion: boolean() }),
    of("finalizer", { name: MAPS, set: boolean() }),
    of("deploy", { name: WORKLOADS, replicas: integer({ min: 0, max: 4 }) }),
    of("retemplate", { name: WORKLOADS, image: constantFrom("app:1", "app:2") }),
    of("undeploy", {
      name: WORKLOADS,
      policy: constantFrom("Background" as const, "Foreground" as const, "Orphan" as const),
    }),
    of("serve", { name: WORKLOADS }),
    of("unserve", { name: WORKLOADS }),
    of("kill-pod", { index: integer({ min: 0, max: 7 }), force: boolean() }),
    of("pause", { ms: integer({ min: 0, max: 8 }) }),
  ),
  { minLength: 1, maxLength: 25, size: "max" },
);
