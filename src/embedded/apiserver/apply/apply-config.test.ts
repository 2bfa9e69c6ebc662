import { describe, expect, it } from "vitest";
import type { KubeObject } from "#embedded/api/objects.ts";
import { copyJson, type JsonObject } from "#embedded/apiserver/json/copy-json.ts";
import { findKind } from "#embedded/apiserver/schema/type-table.ts";
import { applyConfig } from "./apply-config.ts";
import { encodeFields } from "./fields-v1.ts";
import type { Manager } from "./managers.ts";
import type { Topology } from "./topology.ts";
import { trackUpdate } from "./track-update.ts";

const type = findKind("apps/v1", "Deployment");
const topology: Topology = type === undefined ? { type: "untyped" } : { type: "fields", of: type };

const deployment = (spec: object, metadata: object = {}): JsonObject => ({
  apiVersion: "apps/v1",
  kind: "Deployment",
  metadata: { name: "web", namespace: "default", ...metadata },
  spec,
});
const pod = (...containers: readonly object[]) => ({ template: { spec: { containers } } });
const app = { name: "app", image: "app:1" };

interface State {
  readonly live: KubeObject;
  readonly managers: readonly Manager[];
}

const NOTHING = {
  live: { apiVersion: "apps/v1", kind: "Deployment", metadata: {} } as KubeObject, // nothing is there yet
  managers: [],
};

function apply(state: State, name: string, config: JsonObject, { force = false, time = "t" } = {}) {
  const writer = { name, operation: "Apply", apiVersion: "apps/v1", subresource: "" } as const;
  return applyConfig({ topology, ...state, config, writer, force, time });
}

function applied(...args: Parameters<typeof apply>): State {
  const outcome = apply(...args);
  if (outcome.type !== "applied") throw new Error(JSON.stringify(outcome));
  return { live: outcome.object, managers: outcome.managers };
}

function updated(
  { live, managers }: State,
  name: string,
  after: JsonObject,
  subresource = "",
): State {
  const writer = { name, operation: "Update", apiVersion: "apps/v1", subresource } as const;
  const object = after as KubeObject; // a deployment
  const next = trackUpdate({
    ...{ topology, after: object, managers, writer, time: "u" },
    ...(live === NOTHING.live ? {} : { before: live }),
  });
  return { live: object, managers: next };
}

const fieldsOf = ({ managers }: State, name: string) => {
  const manager = managers.find((each) => each.name === name);
  return manager && encodeFields(manager.fields);
};

describe("applyConfig", () => {
  it("owns what the configuration says, items with their place in the list", () => {
    const ports = [{ containerPort: 80 }];
    const labels = { "app.example/name": "web" };
    const config = deployment({ replicas: 2, ...pod({ ...app, ports }) }, { labels });
    expect(fieldsOf(applied(NOTHING, "ci", config), "ci")).toEqual({
      "f:metadata": { "f:labels": { "f:app.example/name": {} } },
      "f:spec": {
        "f:replicas": {},
        "f:template": {
          "f:spec": {
            "f:containers": {
              'k:{"name":"app"}': {
                ".": {},
                "f:image": {},
                "f:name": {},
                "f:ports": {
                  'k:{"containerPort":80,"protocol":"TCP"}': { ".": {}, "f:containerPort": {} },
                },
              },
            },
          },
        },
      },
    });
  });

  it("merges items by their keys, and leaves alone what it does not mention", () => {
    const before = updated(
      NOTHING,
      "ann",
      deployment({ paused: true, ...pod(app, { name: "log", image: "l" }) }),
    );
    const after = applied(
      before,
      "ci",
      deployment(pod({ name: "log", args: ["-v"] }, { name: "new" })),
    );
    expect(after.live.spec).toEqual({
      paused: true,
      ...pod(app, { name: "log", image: "l", args: ["-v"] }, { name: "new" }),
    });
  });

  it("takes selectors and plain lists as a whole", () => {
    const first = { selector: { matchLabels: { a: "1", b: "2" } } };
    const before = applied(
      NOTHING,
      "ci",
      deployment({ ...first, ...pod({ ...app, args: ["a", "b"] }) }),
    );
    expect(fieldsOf(before, "ci")).toMatchObject({ "f:spec": { "f:selector": {} } });
    const second = { selector: { matchLabels: { a: "1" } }, ...pod({ ...app, args: ["c"] }) };
    expect(applied(before, "ci", deployment(second)).live.spec).toEqual(second);
  });

  it("removes what its applier does not say any more", () => {
    const probe = { httpGet: { path: "/", port: 80 } };
    const full = deployment(
      { replicas: 2, ...pod({ ...app, readinessProbe: probe }, { name: "log", image: "l" }) },
      { labels: { a: "1", b: "2" } },
    );
    const before = applied(NOTHING, "ci", full);
    // What the server has filled in belongs to nobody and goes with what it was filled into.
    const live = copyJson(before.live);
    Object.assign((live.spec as ReturnType<typeof pod>).template.spec.containers[0] ?? {}, {
      readinessProbe: { ...probe, periodSeconds: 10 },
      imagePullPolicy: "Always",
    });
    const after = applied({ ...before, live }, "ci", deployment(pod(app), { labels: { a: "1" } }));
    expect(after.live).toEqual(
      deployment(pod({ ...app, imagePullPolicy: "Always" }), { labels: { a: "1" } }),
    );
  });

  it("leaves what somebody else holds too when one of both gives it up", () => {
    const config = deployment({ replicas: 2, ...pod(app) }, { labels: { a: "1" } });
    const both = applied(applied(NOTHING, "ci", config), "ann", config);
    const after = applied(both, "ci", deployment(pod(app)));
    expect(after.live).toEqual(config);
    expect(fieldsOf(after, "ann")).toMatchObject({ "f:spec": { "f:replicas": {} } });
    expect(fieldsOf(after, "ci")).not.toHaveProperty(["f:spec", "f:replicas"]);
  });

  it("refuses to change what somebody else holds, and names every place", () => {
    const before = updated(NOTHING, "kubectl-create", deployment({ replicas: 1, ...pod(app) }));
    const outcome = apply(
      before,
      "ci",
      deployment({ replicas: 3, ...pod({ name: "app", image: "app:2" }) }),
    );
    expect(outcome).toMatchObject({
      type: "conflicts",
      conflicts: [
        { manager: { name: "kubectl-create" }, path: ["f:spec", "f:replicas"] },
        { path: ["f:spec", "f:template", "f:spec", "f:containers", 'k:{"name":"app"}', "f:image"] },
      ],
    });
  });

  it("shares what both want to be the same", () => {
    const before = updated(NOTHING, "ann", deployment({ replicas: 3, ...pod(app) }));
    const after = applied(before, "ci", deployment({ replicas: 3 }));
    expect(fieldsOf(after, "ci")).toEqual({ "f:spec": { "f:replicas": {} } });
    expect(fieldsOf(after, "ann")).toMatchObject({ "f:spec": { "f:replicas": {} } });
  });

  it("takes the places of others by force", () => {
    const before = updated(NOTHING, "ann", deployment({ replicas: 1, ...pod(app) }));
    const after = applied(before, "ci", deployment({ replicas: 3 }), { force: true });
    expect(after.live.spec).toMatchObject({ replicas: 3 });
    expect(fieldsOf(after, "ann")).not.toHaveProperty(["f:spec", "f:replicas"]);
  });

  it("loses a place to whoever updates it afterwards, and may take it back only by force", () => {
    const before = applied(NOTHING, "ci", deployment({ replicas: 1, ...pod(app) }));
    const scaled = updated(before, "kubectl", deployment({ replicas: 5, ...pod(app) }), "scale");
    expect(fieldsOf(scaled, "kubectl")).toEqual({ "f:spec": { "f:replicas": {} } });
    expect(fieldsOf(scaled, "ci")).not.toHaveProperty(["f:spec", "f:replicas"]);
    expect(apply(scaled, "ci", deployment({ replicas: 1, ...pod(app) })).type).toBe("conflicts");
  });

  it("removes a field that the configuration sets to null, and still owns it", () => {
    const before = updated(NOTHING, "ann", deployment({ paused: true, ...pod(app) }));
    const after = applied(before, "ci", deployment({ paused: null }), { force: true });
    expect(after.live.spec).toEqual(pod(app));
    expect(fieldsOf(after, "ci")).toEqual({ "f:spec": { "f:paused": {} } });
  });

  it("keeps the time of an apply that changes nothing", () => {
    const config = deployment({ replicas: 2, ...pod(app) });
    const first = applied(NOTHING, "ci", config, { time: "first" });
    const second = applied(first, "ci", config, { time: "second" });
    expect(second).toEqual(first);
    const third = applied(second, "ci", deployment({ replicas: 3, ...pod(app) }), {
      time: "third",
    });
    expect(third.managers[0]?.time).toBe("third");
  });

  it("says which parts of a configuration the type does not have", () => {
    const outcome = apply(
      NOTHING,
      "ci",
      deployment({ replica: 1, ...pod({ ...app, img: "x" }, app, { image: "nameless" }) }),
    );
    expect(outcome).toEqual({
      type: "misfit",
      problems: [
        ".spec.replica: field not declared in schema",
        '.spec.template.spec.containers[name="app"].img: field not declared in schema',
        '.spec.template.spec.containers: duplicate entries for key [name="app"]',
        '.spec.template.spec.containers: element 2: associative list with keys has an element that omits key field "name" (and doesn\'t have default value)',
      ],
    });
    expect(apply(NOTHING, "ci", deployment({ template: [], ...{ selector: {} } }))).toMatchObject({
      problems: [".spec.template: expected map, got list"],
    });
    expect(
      apply(NOTHING, "ci", deployment({ template: { spec: { containers: {} } } })),
    ).toMatchObject({
      problems: [".spec.template.spec.containers: expected list, got map"],
    });
  });

  it("knows nothing of a custom resource but its metadata: objects by field, lists as a whole", () => {
    const untyped: Topology = { type: "untyped" };
    const object = { apiVersion: "a/v1", kind: "A", metadata: { name: "a", finalizers: ["x/y"] } };
    const outcome = applyConfig({
      topology: untyped,
      live: { ...object, metadata: {} } as KubeObject, // nothing is there yet
      managers: [],
      config: { ...object, spec: { deep: { list: [{ name: "a" }], flag: true } } },
      writer: { name: "ci", operation: "Apply", apiVersion: "a/v1", subresource: "" },
      force: false,
      time: "t",
    });
    if (outcome.type !== "applied") throw new Error(outcome.type);
    expect(fieldsOf({ live: outcome.object, managers: outcome.managers }, "ci")).toEqual({
      "f:metadata": { "f:finalizers": { 'v:"x/y"': {} } },
      "f:spec": { "f:deep": { "f:flag": {}, "f:list": {} } },
    });
  });
});
