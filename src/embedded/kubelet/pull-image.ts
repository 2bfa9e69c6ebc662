import type { Container, Pod } from "#embedded/api/objects.ts";
import { LATENESS } from "./back-off.ts";
import type { EventText } from "./events.ts";
import { describeUnknownImage, findImage, type LocalImage } from "./images.ts";
import type { NodeContext } from "./node-context.ts";
import { StartRefusal } from "./start-refusal.ts";

/** Between a failed pull and the first sight of ImagePullBackOff. */
const UNTIL_BACK_OFF_MS = 1_000;

/**
 * Every known image is on the node already; an unknown one cannot be pulled, and Kubernetes goes on
 * trying at growing intervals: ErrImagePull, ImagePullBackOff, ErrImagePull, …
 */
export function pullImage(
  {
    node,
    pod,
    container,
  }: { readonly node: NodeContext; readonly pod: Pod; readonly container: Container },
  record: (text: EventText) => void,
): LocalImage {
  const { image, imagePullPolicy: policy } = container;
  const found = findImage(image, node.images);
  const failed = (message: string) => record({ type: "Warning", reason: "Failed", message });
  if (found !== undefined) {
    for (const message of pulledMessages(image, policy)) record(message);
    return found;
  }
  const problem = describeUnknownImage(image);
  if (policy === "Never") {
    const message = `Container image ${JSON.stringify(image)} is not present with pull policy of Never`;
    record({ type: "Warning", reason: "ErrImageNeverPull", message });
    failed("Error: ErrImageNeverPull");
    throw new StartRefusal("ErrImageNeverPull", message, undefined);
  }
  const key = `${pod.metadata.uid}/${image}`;
  const waitMs = node.imagePulls.remainingMs(key, Date.now());
  if (waitMs > 0) {
    const message = `Back-off pulling image ${JSON.stringify(image)}`;
    record({ type: "Normal", reason: "BackOff", message });
    failed("Error: ImagePullBackOff");
    // Only the status repeats why the last attempt failed.
    const told = `${message}: ErrImagePull: ${problem}`;
    throw new StartRefusal("ImagePullBackOff", told, waitMs * LATENESS);
  }
  record({ type: "Normal", reason: "Pulling", message: `Pulling image ${JSON.stringify(image)}` });
  failed(`Failed to pull image ${JSON.stringify(image)}: ${problem}`);
  failed("Error: ErrImagePull");
  node.imagePulls.next(key, Date.now());
  throw new StartRefusal(
    "ErrImagePull",
    problem,
    Math.min(UNTIL_BACK_OFF_MS, node.timing.backOffMs),
  );
}

function pulledMessages(image: string, policy: string | undefined): readonly EventText[] {
  const quoted = JSON.stringify(image);
  const pulled = (message: string): EventText => ({ type: "Normal", reason: "Pulled", message });
  if (policy !== "Always") {
    return [
      pulled(`Container image ${quoted} already present on machine and can be accessed by the pod`),
    ];
  }
  return [
    { type: "Normal", reason: "Pulling", message: `Pulling image ${quoted}` },
    pulled(
      `Successfully pulled image ${quoted} in 0s (0s including waiting). Image size: 0 bytes.`,
    ),
  ];
}
