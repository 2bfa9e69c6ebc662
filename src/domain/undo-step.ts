import { describeRef, type ObjectRef } from "./object-ref.ts";

/**
 * How one change of ours is taken back. It is written down before the change is made, so that whoever
 * finds it knows what may have happened: the change was made, or the process died just before.
 */
export type UndoStep =
  | {
      /** One field, by its JSON pointer. It is put back only while it still has the value that we gave it. */
      readonly type: "field";
      readonly object: ObjectRef;
      readonly path: string;
      /** Absent: the field was not there. */
      readonly before?: unknown;
      readonly after: unknown;
      /** Stays after a run that came to its end: taking it back would be a disruption of its own. */
      readonly stays?: true;
    }
  | { readonly type: "taint"; readonly node: string; readonly taint: Taint }
  /** A machine that was turned off. Pods of the namespace that ended with it are nobody's, and go then. */
  | { readonly type: "machine"; readonly node: string; readonly namespace: string }
  /** The Lease by which the run keeps others away; it gives it back itself when it ends. */
  | { readonly type: "lease"; readonly namespace: string; readonly runId: string }
  | {
      /** Made by the run, and labelled as its own; removed only by `lastcall cleanup`. */
      readonly type: "created";
      readonly object: ObjectRef;
    };

/** A node's taint; key and effect together name it. */
export interface Taint {
  readonly key: string;
  readonly value?: string;
  readonly effect: string;
}

/** The label that objects made by a run carry, with the id of the run as its value. */
export const RUN_LABEL = "lastcall.dev/run";

/** The label by which every tool shows whose object it is. */
export const MANAGED_BY = { "app.kubernetes.io/managed-by": "lastcall" } as const;

/** Selects what carries that label. */
export const MANAGED_BY_SELECTOR = Object.entries(MANAGED_BY)
  .map(([label, value]) => `${label}=${value}`)
  .join(",");

/** `Deployment shop/web: /spec/replicas`, for people; the same for all changes of the same thing. */
export function describeUndoStep(step: UndoTarget): string {
  switch (step.type) {
    case "field":
      return `${describeRef(step.object)}: ${step.path}`;
    case "taint":
      return `Node ${step.node}: taint ${step.taint.key}:${step.taint.effect}`;
    case "machine":
      return `Node ${step.node}: machine`;
    case "lease":
      return `Lease ${step.namespace}/lastcall`;
    case "created":
      return describeRef(step.object);
  }
}

/** What a step is about, without the values. */
type UndoTarget =
  | { readonly type: "field"; readonly object: ObjectRef; readonly path: string }
  | Exclude<UndoStep, { type: "field" }>;
