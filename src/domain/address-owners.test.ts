import { expect, it } from "vitest";
import { aPod, seen } from "#test/support/builders.ts";
import { AddressOwners } from "./address-owners.ts";

const owners = new AddressOwners([
  seen(0, aPod({ name: "web-1", ip: "10.0.0.1" }), "added"),
  seen(100, aPod({ name: "web-1", ip: "10.0.0.1" })),
  seen(0, aPod({ name: "web-2", ip: "10.0.0.2" }), "added"),
  seen(60_000, aPod({ name: "web-3", uid: "uid-3", ip: "10.0.0.1" }), "added"),
]);

it("names the pod that had an address, whenever that was", () => {
  expect(owners.at("10.0.0.2", 5_000)?.pod).toBe("web-2");
  expect(owners.at("10.0.0.9", 5_000)).toBeUndefined();
});

it("tells two pods that had one address after the other, but not near the change", () => {
  const at = (atMs: number) => owners.at("10.0.0.1", atMs)?.pod;
  expect([at(30_000), at(58_001)]).toEqual(["web-1", undefined]);
  expect([at(61_999), at(62_001)]).toEqual([undefined, "web-3"]);
});

it("knows of no owner from another repetition", () => {
  const second = { fromMs: 50_000, untilMs: 90_000 };
  expect(owners.at("10.0.0.1", 60_001, second)?.pod).toBe("web-3");
  expect(owners.at("10.0.0.2", 60_001, second)).toBeUndefined();
});
