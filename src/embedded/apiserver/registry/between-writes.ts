import { setTimeout as sleep } from "node:timers/promises";

/** What a store that commits to a disk takes for one write. */
const WRITE_MS = 5;

/**
 * Waits between two writes of one request. A real store takes milliseconds for each, in which the
 * controllers act on the first: the endpoints of a pod deleted by force become terminating before they go,
 * and a budget counts the pod out before it is deleted. Whoever goes on has to look at the store again.
 */
export async function betweenWrites(): Promise<void> {
  await sleep(WRITE_MS);
}
