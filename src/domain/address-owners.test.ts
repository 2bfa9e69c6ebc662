import { expect, it } from "vitest";
import { aPod, seen } from "#test/support/builders.ts";
import { AddressOwners } from "./address-owners.ts";

const owners = new AddressOwners([
  seen(0, aPod({ name: "web-1", ip: "10.0.0.1" }), "added"),
  seen(100, aPod({ name: "web-1", ip: "10.0.0.1" })),
  seen(0, aPod({ name: "web-2", ip: "10.0.0.2" }), "added"),
  seen(40_000, aPod({ name: "web-1", ip: "10.0.0.1" }), "deleted"),
  seen(60_000, aPod({ name: "web-3", uid: "uid-3", ip: "10.0.0.1" }), "added"),
]);

it("names the pod that had an address, whenever that was", () => {
  expect(owners.at("10.0.0.2", 5_000)?.pod).toBe("web-2");
  expect(owners.at("10.0.0.9", 5_000)).toBeUndefined();
});

it("tells two pods that had one address after the other, but not near the change", () => {
  const at = (atMs: number) => owners.at("10.0.0.1", atMs)?.pod;
  expect([at(30_000), at(41_000), at(59_000), at(70_000)]).toEqual([
    ...["web-1", "web-1", "web-3", "web-3"],
  ]);
  expect(at(50_000)).toBeUndefined();
});

it("names nobody where two had an address at about the same time", () => {
  const near = new AddressOwners([
    seen(0, aPod({ name: "web-1", ip: "10.0.0.1" }), "added"),
    seen(10_000, aPod({ name: "web-1", ip: "10.0.0.1" }), "deleted"),
    seen(11_000, aPod({ name: "web-2", ip: "10.0.0.1" }), "added"),
  ]);
  const at = (atMs: number) => near.at("10.0.0.1", atMs)?.pod;
  expect([at(9_000), at(10_500), at(13_000)]).toEqual(["web-1", undefined, "web-2"]);
});

it("knows of no owner from another repetition", () => {
  const second = { fromMs: 50_000, untilMs: 90_000 };
  expect(owners.at("10.0.0.1", 60_001, second)?.pod).toBe("web-3");
  expect(owners.at("10.0.0.2", 60_001, second)).toBeUndefined();
});
