import { describe, expect, it } from "vitest";
import { readNewCluster } from "./new-cluster-options.ts";

describe("readNewCluster", () => {
  it("passes on what was given, and nothing else", () => {
    expect(readNewCluster({})).toEqual({});
    expect(
      readNewCluster({ nodes: "5", keep: true, "kind-image": "kindest/node:v1.36.1" }),
    ).toEqual({ nodes: 5, keep: true, kindImage: "kindest/node:v1.36.1" });
    expect(readNewCluster({ "kind-config": "package.json" })).toEqual({
      kindConfig: "package.json",
    });
  });

  it.each(["0", "-1", "many", "1.5", ""])("does not take %j for a number of nodes", (nodes) => {
    expect(() => readNewCluster({ nodes })).toThrow(`--nodes ${nodes} is not a number of nodes.`);
  });

  it("says that the configuration file is not there, or that it says the number itself", () => {
    expect(() => readNewCluster({ "kind-config": "no.yaml" })).toThrow("There is no file no.yaml.");
    expect(() => readNewCluster({ "kind-config": "package.json", nodes: "2" })).toThrow(
      "says how many nodes there are",
    );
  });
});
