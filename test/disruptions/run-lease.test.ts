import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { startEmbeddedCluster } from "#clusters/embedded-cluster.ts";
import { leaseRef, releaseLease } from "#disruptions/release-lease.ts";
import type { HarnessError } from "#domain/errors.ts";
import type { Clock } from "#ports/clock.ts";
import type { Cluster } from "#ports/cluster.ts";
import { holdLease, type LeaseRequest } from "#runner/run-lease.ts";

const { signal } = new AbortController();
let cluster: Cluster;
let namespace: string;
let count = 0;

beforeAll(async () => {
  cluster = await startEmbeddedCluster({ images: [], nodes: 1 });
});

afterAll(() => cluster.stop());

beforeEach(async () => {
  count += 1;
  namespace = `lease-${count}`;
  const metadata = { name: namespace };
  await cluster.createObject({ apiVersion: "v1", kind: "Namespace", metadata }, signal);
});

/** Time that passes only when somebody sleeps, and then at once; every sleep lets the others go on. */
function fastClock(onSleep: (nowMs: number) => Promise<void> = async () => {}): Clock {
  let nowMs = 0;
  return {
    nowMs: () => nowMs,
    sleep: async (ms, stop) => {
      stop.throwIfAborted();
      nowMs += ms;
      await onSleep(nowMs);
      await new Promise((resolve) => setTimeout(resolve, 2));
      stop.throwIfAborted();
    },
  };
}

/** A clock that stands: nothing is ever renewed. */
const STANDING: Clock = {
  nowMs: () => 0,
  sleep: (_, stop) =>
    new Promise((_resolve, reject) => {
      stop.addEventListener("abort", () => reject(stop.reason), { once: true });
    }),
};

function request(runId: string, fields: Partial<LeaseRequest> = {}): LeaseRequest {
  return {
    cluster,
    clock: STANDING,
    namespace,
    runId,
    startedAt: "2026-11-24T10:00:00.000Z",
    onWaiting: () => {},
    onLost: () => {},
    onLeft: async () => {},
    ...fields,
  };
}

const holder = async () => {
  const lease = await cluster.readObject(leaseRef(namespace), signal);
  return (lease?.["spec"] as { holderIdentity?: string } | undefined)?.holderIdentity;
};

describe("the lease of a run", () => {
  it("is there while it is held, and gone when it is released", async () => {
    const lease = await holdLease(request("r1"), signal);
    expect(await holder()).toBe("r1");
    await lease.release();
    expect(await holder()).toBeUndefined();
  });

  it("refuses a second run while the first renews it", async () => {
    const first = await holdLease(request("r1"), signal);
    let renewals = 0;
    const clock = fastClock(async () => {
      renewals += 1;
      const time = `2026-11-24T10:00:0${renewals % 10}.000000Z`;
      const body = { spec: { renewTime: time } };
      await cluster.patchObject(leaseRef(namespace), { type: "merge", body }, signal);
    });
    await expect(holdLease(request("r2", { clock }), signal)).rejects.toMatchObject({
      code: "RUN_IN_PROGRESS",
      message: expect.stringContaining("The run r1 is at work"),
    });
    expect(await holder()).toBe("r1");
    await first.release();
  });

  it("is taken over from a run that has died, once its duration is over", async () => {
    const first = await holdLease(request("r1"), signal);
    const clock = fastClock();
    const waiting: string[] = [];
    const onWaiting = (who: string) => waiting.push(who);
    // Held by a clock of its own from then on: its renewals must not be lost.
    const second = await holdLease(request("r2", { clock, onWaiting }), signal);
    expect(await holder()).toBe("r2");
    expect(clock.nowMs()).toBeGreaterThanOrEqual(15_000);
    expect(waiting).toEqual(["r1"]);
    await first.release();
    expect(await holder()).toBe("r2"); // the dead one gives nothing away that is not its own
    await second.release();
    expect(await holder()).toBeUndefined();
  });

  it("is renewed, and its loss is told", async () => {
    const lost = Promise.withResolvers<HarnessError>();
    const lease = await holdLease(
      request("r1", { clock: fastClock(), onLost: lost.resolve }),
      signal,
    );
    await expect
      .poll(async () => {
        const found = await cluster.readObject(leaseRef(namespace), signal);
        return (found?.["spec"] as { renewTime?: string } | undefined)?.renewTime;
      })
      .not.toBe("2026-11-24T10:00:00.000000Z");
    const body = { spec: { holderIdentity: "r2" } };
    await cluster.patchObject(leaseRef(namespace), { type: "merge", body }, signal);
    expect((await lost.promise).code).toBe("LEASE_LOST");
    await lease.release();
    expect(await holder()).toBe("r2");
  });

  it("of a killed run is removed by whoever cleans up after it, and of no other", async () => {
    await holdLease(request("r1"), signal);
    expect(await releaseLease(cluster, { namespace, runId: "r9" }, signal)).toBe(false);
    expect(await releaseLease(cluster, { namespace, runId: "r1" }, signal)).toBe(true);
    expect(await holder()).toBeUndefined();
  });
});
