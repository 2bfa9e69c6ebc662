import { describe, expect, it } from "vitest";
import { BackOff } from "./back-off.ts";
import type { EventText } from "./events.ts";
import { DEFAULT_TIMING, type NodeContext } from "./node-context.ts";
import { pullImage } from "./pull-image.ts";
import { StartRefusal } from "./start-refusal.ts";
import { aContainer, aPod } from "./testing/a-pod.ts";

/** A node without images of its own; the pull needs no more of it. */
const aNode = () =>
  ({
    images: [],
    imagePulls: new BackOff(DEFAULT_TIMING.backOffMs, DEFAULT_TIMING.backOffMs),
    timing: DEFAULT_TIMING,
  }) as unknown as NodeContext;

function pull(node: NodeContext, image: string) {
  const events: EventText[] = [];
  const container = { ...aContainer("app"), image };
  try {
    pullImage({ node, pod: aPod(), container }, (event) => events.push(event));
  } catch (error) {
    if (error instanceof StartRefusal) return { events, refusal: error };
    throw error;
  }
  return { events, refusal: undefined };
}

describe("pullImage", () => {
  it("tells of an image that is there as a kubelet does", () => {
    const { events, refusal } = pull(aNode(), "node:24");
    expect(refusal).toBeUndefined();
    expect(events.map(({ reason, message }) => `${reason}: ${message}`)).toEqual([
      'Pulled: Container image "node:24" already present on machine and can be accessed by the pod',
    ]);
  });

  it("fails with what has to be done about an unknown image, then backs off", () => {
    const node = aNode();
    const first = pull(node, "nowhere.example/none:1");
    expect(first.refusal?.failure.reason).toBe("ErrImagePull");
    expect(first.events.map(({ type, reason }) => `${type} ${reason}`)).toEqual([
      "Normal Pulling",
      "Warning Failed",
      "Warning Failed",
    ]);
    const second = pull(node, "nowhere.example/none:1");
    expect(second.refusal?.failure.reason).toBe("ImagePullBackOff");
    // The event says that it backs off; only the status repeats why the last attempt failed.
    expect(second.events[0]?.message).toBe('Back-off pulling image "nowhere.example/none:1"');
    expect(second.refusal?.failure.message).toMatch(/: ErrImagePull: .* map it/);
  });
});
