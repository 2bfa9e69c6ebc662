import { describe, expect, it } from "vitest";
import { aMeta, aPod, NOW_MS, secondsAgo } from "#embedded/controllers/testing/builders.ts";
import { budgetStatus } from "./budget-status.ts";
import type { BudgetStatus, PodDisruptionBudget } from "./pod-disruption-budget.ts";

const aBudget = (
  spec: PodDisruptionBudget["spec"],
  status?: Partial<BudgetStatus>,
): PodDisruptionBudget => ({
  apiVersion: "policy/v1",
  kind: "PodDisruptionBudget",
  metadata: aMeta("web"),
  spec,
  ...(status === undefined ? {} : { status: status as BudgetStatus }),
});
const pods = (count: number) => Array.from({ length: count }, (_, index) => aPod(`p${index}`));
const leaving = aPod("leaving", { metadata: { deletionTimestamp: secondsAgo(-10) } });

const numbers = (
  budget: PodDisruptionBudget,
  facts: { pods: ReturnType<typeof pods>; scale?: number },
) => {
  const status = budgetStatus(budget, { scale: 0, nowMs: NOW_MS, ...facts });
  return [
    status.disruptionsAllowed,
    status.currentHealthy,
    status.desiredHealthy,
    status.expectedPods,
  ];
};

describe("budgetStatus", () => {
  it("counts the pods themselves for an absolute minAvailable, the terminating ones too", () => {
    expect(numbers(aBudget({ minAvailable: 2 }), { pods: [...pods(3), leaving] })).toEqual([
      1, 3, 2, 4,
    ]);
  });

  it("allows nothing when as many are healthy as have to be", () => {
    const status = budgetStatus(aBudget({ minAvailable: 2 }), {
      pods: pods(2),
      scale: 0,
      nowMs: NOW_MS,
    });
    expect(status).toEqual({
      observedGeneration: 1,
      disruptionsAllowed: 0,
      currentHealthy: 2,
      desiredHealthy: 2,
      expectedPods: 2,
      conditions: [
        {
          type: "DisruptionAllowed",
          status: "False",
          observedGeneration: 1,
          lastTransitionTime: secondsAgo(0),
          reason: "InsufficientPods",
          message: "",
        },
      ],
    });
  });

  it.each([
    [{ maxUnavailable: "10%" }, 5, [1, 5, 4, 5]],
    [{ minAvailable: "50%" }, 3, [1, 3, 2, 3]],
    [{ maxUnavailable: 1 }, 3, [1, 3, 2, 3]],
  ])("rounds %j of the wanted pods up", (spec, scale, expected) => {
    expect(numbers(aBudget(spec), { pods: pods(scale), scale })).toEqual(expected);
  });

  it("does not count an evicted pod as healthy before its deletion is seen", () => {
    const disruptedPods = { p0: secondsAgo(1) };
    const budget = aBudget({ minAvailable: 1 }, { disruptedPods });
    const status = budgetStatus(budget, { pods: pods(3), scale: 0, nowMs: NOW_MS });
    expect(status).toMatchObject({ currentHealthy: 2, disruptionsAllowed: 1, disruptedPods });
  });

  it("forgets an eviction when the pod is being deleted, is gone, or after two minutes", () => {
    const disruptedPods = { leaving: secondsAgo(1), gone: secondsAgo(1), p0: secondsAgo(121) };
    const budget = aBudget({ minAvailable: 1 }, { disruptedPods });
    const status = budgetStatus(budget, { pods: [...pods(2), leaving], scale: 0, nowMs: NOW_MS });
    expect(status).not.toHaveProperty("disruptedPods");
    expect(status.currentHealthy).toBe(2);
  });

  it("allows nothing for nobody", () => {
    expect(numbers(aBudget({ maxUnavailable: 1 }), { pods: [], scale: 0 })[0]).toBe(0);
  });
});
