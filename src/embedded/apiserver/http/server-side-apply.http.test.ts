import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { DEPLOYMENTS } from "#embedded/api/resources.ts";
import { ask, startTestServer } from "#embedded/apiserver/testing/connect.ts";

let server: Awaited<ReturnType<typeof startTestServer>>;

beforeAll(async () => {
  server = await startTestServer();
});
afterAll(() => server.stop());

const PATH = "/apis/apps/v1/namespaces/default/deployments";

const labels = { app: "web" };
const config = (name: string, spec: object = {}, metadata: object = {}) => ({
  apiVersion: "apps/v1",
  kind: "Deployment",
  metadata: { name, ...metadata },
  spec: {
    selector: { matchLabels: labels },
    template: { metadata: { labels }, spec: { containers: [{ name: "app", image: "app:1" }] } },
    ...spec,
  },
});

function apply(name: string, body: unknown, { query = "fieldManager=ci", subresource = "" } = {}) {
  return ask(server, `${PATH}/${name}${subresource}?${query}`, {
    method: "PATCH",
    body,
    headers: { "content-type": "application/apply-patch+yaml" },
  });
}

const create = (body: unknown, fieldManager: string) =>
  ask(server, `${PATH}?fieldManager=${fieldManager}`, { method: "POST", body });

// biome-ignore lint/suspicious/noExplicitAny: entries of every shape
const managers = (answer: { readonly body: any }) =>
  (answer.body.metadata.managedFields ?? []).map(
    // biome-ignore lint/suspicious/noExplicitAny: as above
    ({ manager, operation, subresource }: any) => [manager, operation, subresource].filter(Boolean),
  );

describe("server-side apply", () => {
  it("creates with 201, answers 200 afterwards, and writes nothing when nothing changes", async () => {
    const first = await apply("create", config("create"));
    expect(first).toMatchObject({ code: 201, body: { spec: { replicas: 1 } } });
    expect(managers(first)).toEqual([["ci", "Apply"]]);
    const again = await apply("create", config("create"));
    expect(again.code).toBe(200);
    expect(again.body).toEqual(first.body);
    const changed = await apply("create", config("create", { replicas: 2 }));
    expect(changed.body).toMatchObject({ spec: { replicas: 2 }, metadata: { generation: 2 } });
  });

  it("takes YAML", async () => {
    const yaml = `apiVersion: apps/v1
kind: Deployment
metadata: { name: yaml }
spec:
  selector: { matchLabels: { app: web } }
  template:
    metadata: { labels: { app: web } }
    spec: { containers: [{ name: app, image: "app:1" }] }
`;
    const answer = await apply("yaml", Buffer.from(yaml));
    expect(answer).toMatchObject({ code: 201, body: { metadata: { name: "yaml" } } });
  });

  it("answers 409 with every place that somebody else holds, unless it is forced", async () => {
    await create(config("conflict", { replicas: 1, paused: true }), "kubectl-create");
    const wanted = config("conflict", { replicas: 3, paused: false });
    const refused = await apply("conflict", wanted);
    expect(refused.body).toEqual({
      kind: "Status",
      apiVersion: "v1",
      metadata: {},
      status: "Failure",
      message:
        'Apply failed with 2 conflicts: conflicts with "kubectl-create" using apps/v1:\n- .spec.paused\n- .spec.replicas',
      reason: "Conflict",
      details: {
        causes: [".spec.paused", ".spec.replicas"].map((field) => ({
          reason: "FieldManagerConflict",
          message: 'conflict with "kubectl-create" using apps/v1',
          field,
        })),
      },
      code: 409,
    });
    const forced = await apply("conflict", wanted, { query: "fieldManager=ci&force=true" });
    expect(forced).toMatchObject({ code: 200, body: { spec: { replicas: 3 } } });
    expect(managers(forced)).toEqual([
      ["ci", "Apply"],
      ["kubectl-create", "Update"],
    ]);
  });

  it("names the one place of one conflict, and the subresource that it was written through", async () => {
    await apply("scaled", config("scaled", { replicas: 1 }));
    await ask(server, `${PATH}/scaled/scale?fieldManager=kubectl`, {
      method: "PATCH",
      body: { spec: { replicas: 4 } },
      headers: { "content-type": "application/merge-patch+json" },
    });
    const refused = await apply("scaled", config("scaled", { replicas: 1 }));
    expect(refused).toMatchObject({
      code: 409,
      body: {
        message:
          'Apply failed with 1 conflict: conflict with "kubectl" with subresource "scale" using apps/v1: .spec.replicas',
      },
    });
    const other = await apply("scaled", config("scaled", { replicas: 9 }), {
      query: "fieldManager=x",
    });
    expect(other.body.message).toContain('conflict with "kubectl" with subresource "scale"');
    const shared = await apply("scaled", config("scaled", { replicas: 4 }));
    expect(shared.code).toBe(200);
    const conflict = await apply("scaled", config("scaled", { replicas: 9 }), {
      query: "fieldManager=x",
    });
    expect(conflict.body.details.causes.map(({ message }: { message: string }) => message)).toEqual(
      ['conflict with "ci"', 'conflict with "kubectl" with subresource "scale" using apps/v1'],
    );
  });

  it("gives what it does not say any more back to the server's defaults", async () => {
    await apply(
      "reset",
      config("reset", { replicas: 5, minReadySeconds: 3 }, { labels: { a: "1" } }),
    );
    const answer = await apply("reset", config("reset"));
    expect(answer.body.spec).toMatchObject({ replicas: 1 });
    expect(answer.body.spec).not.toHaveProperty("minReadySeconds");
    expect(answer.body.metadata).not.toHaveProperty("labels");
  });

  it("remembers what the parts of the cluster write to an object of a client", async () => {
    const created = await create(config("status"), "ann");
    await server.client.update(
      DEPLOYMENTS,
      { ...created.body, status: { observedGeneration: 1, replicas: 1 } },
      "status",
    );
    const read = await ask(server, `${PATH}/status`);
    expect(managers(read)).toEqual([
      ["ann", "Update"],
      ["kube-controller-manager", "Update", "status"],
    ]);
    const answer = await apply("status", { ...config("status"), status: { replicas: 7 } });
    expect(answer).toMatchObject({ code: 200, body: { status: { replicas: 1 } } });
  });

  it("finds everything held by those before, in an object that does not remember its writers", async () => {
    await server.client.create(DEPLOYMENTS, {
      ...config("old", { replicas: 2 }, { namespace: "default" }),
    });
    expect(managers(await ask(server, `${PATH}/old`))).toEqual([]);
    const refused = await apply("old", config("old", { replicas: 3 }));
    expect(refused.body.message).toBe(
      'Apply failed with 1 conflict: conflict with "before-first-apply" using apps/v1: .spec.replicas',
    );
  });

  it("lets a client correct who holds what, or forget it all", async () => {
    await create(config("migrated"), "kubectl-client-side-apply");
    const read = await ask(server, `${PATH}/migrated`);
    const [entry] = read.body.metadata.managedFields;
    const value = [{ ...entry, manager: "kubectl", operation: "Apply" }];
    const patch = (body: unknown, type: string) =>
      ask(server, `${PATH}/migrated`, {
        method: "PATCH",
        body,
        headers: { "content-type": `application/${type}+json` },
      });
    const moved = await patch(
      [{ op: "replace", path: "/metadata/managedFields", value }],
      "json-patch",
    );
    expect(managers(moved)).toEqual([["kubectl", "Apply"]]);
    const forgotten = await patch({ metadata: { managedFields: [{}] } }, "merge-patch");
    expect(forgotten.body.metadata).not.toHaveProperty("managedFields");
  });

  it("changes nothing in a dry run", async () => {
    const query = "fieldManager=ci&dryRun=All";
    expect((await apply("dry", config("dry"), { query })).code).toBe(201);
    expect((await ask(server, `${PATH}/dry`)).code).toBe(404);
  });

  it("applies a status through its own path only to an object that is there", async () => {
    const status = (name: string, replicas: number) =>
      apply(
        name,
        { ...config(name), spec: { replicas: 9 }, status: { replicas } },
        { subresource: "/status" },
      );
    expect((await status("nobody", 2)).code).toBe(404);
    await apply("observed", config("observed"));
    const answer = await status("observed", 2);
    expect(answer.body).toMatchObject({ status: { replicas: 2 }, spec: { replicas: 1 } });
  });

  it("refuses what makes no sense", async () => {
    const refusal = async (answer: ReturnType<typeof ask>) => {
      const { code, body } = await answer;
      return [code, body.message];
    };
    expect(await refusal(apply("bad", config("bad"), { query: "" }))).toEqual([
      422,
      'PatchOptions.meta.k8s.io "" is invalid: fieldManager: Required value: is required for apply patch',
    ]);
    expect(await refusal(apply("bad", config("bad", { replica: 1 })))).toEqual([
      500,
      "failed to create typed patch object (default/bad; apps/v1, Kind=Deployment): .spec.replica: field not declared in schema",
    ]);
    expect(await refusal(apply("bad", config("bad", {}, { managedFields: [{}] })))).toEqual([
      400,
      "metadata.managedFields must be nil",
    ]);
    expect(await refusal(apply("bad", config("other")))).toEqual([
      400,
      "the name of the object (other) does not match the name on the URL (bad)",
    ]);
    const forced = ask(server, `${PATH}/create?force=true`, {
      method: "PATCH",
      body: {},
      headers: { "content-type": "application/merge-patch+json" },
    });
    expect(await refusal(forced)).toEqual([
      422,
      'PatchOptions.meta.k8s.io "" is invalid: force: Forbidden: may not be specified for non-apply patch',
    ]);
  });
});
