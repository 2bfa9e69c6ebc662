/** What makes a new revision of the workload. Without a container's name it is the first one. */
export type RolloutChange =
  | { readonly type: "restart" }
  | { readonly type: "image"; readonly image: string; readonly container?: string }
  | {
      readonly type: "env";
      readonly name: string;
      readonly value: string;
      readonly container?: string;
    }
  | { readonly type: "annotation"; readonly name: string; readonly value: string };

/** `with the image shop:2`: the end of a phrase about a rolling update; empty for a plain restart. */
export function describeChange(change: RolloutChange): string {
  switch (change.type) {
    case "restart":
      return "";
    case "image":
      return ` with the image ${change.image}`;
    case "env":
      return ` with ${change.name}=${change.value} in its environment`;
    case "annotation":
      return ` with the annotation ${change.name}=${change.value}`;
  }
}
