import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { basename, join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { UsageError } from "#domain/errors.ts";
import { loadScenario } from "./load-scenario.ts";

const WORKLOAD = `apiVersion: v1
kind: Service
metadata: { name: web }
spec:
  selector: { app: web }
  ports: [{ port: 80 }]
---
apiVersion: apps/v1
kind: Deployment
metadata: { name: web }
spec:
  replicas: 3
  selector: { matchLabels: { app: web } }
  template:
    metadata: { labels: { app: web, tier: front } }
    spec:
      containers: [{ name: web, image: "example/web:1" }]
---
# nothing follows
`;

const LOAD = "load: [{ type: fresh, rate: 10, path: / }]\n";

let folder: string;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "scenario-"));
});

afterEach(() => rmSync(folder, { recursive: true }));

function write(files: Readonly<Record<string, string>>): void {
  for (const [name, text] of Object.entries(files)) writeFileSync(join(folder, name), text);
}

/** The error's message without the temporary folder, so that whole texts can be compared. */
async function problemsOf(scenario: string, workload = WORKLOAD): Promise<string> {
  write({ "scenario.yaml": scenario, "workload.yaml": workload });
  const error = await loadScenario(folder).catch((thrown: unknown) => thrown);
  if (!(error instanceof UsageError)) return `loaded, or failed with ${String(error)}`;
  expect([error.code, error.hint]).toEqual([
    "BAD_SCENARIO",
    "Nothing was started. docs/scenario.md explains every key, with an example.",
  ]);
  return error.message.replaceAll(`${folder}/`, "");
}

describe("loadScenario", () => {
  it("fills in everything that a short scenario leaves out", async () => {
    write({ "scenario.yaml": LOAD, "workload.yaml": WORKLOAD });
    const scenario = await loadScenario(folder);
    expect(scenario).toMatchObject({
      name: basename(folder),
      directory: folder,
      workload: { kind: "Deployment", namespace: "default", name: "web" },
      service: "web",
      images: [],
      load: [
        {
          type: "fresh",
          name: "fresh",
          arrival: { type: "constant", perSecond: 10 },
          request: { method: "GET", path: "/", headers: {} },
          connections: 64,
          timeouts: { connectMs: 3_000, headersMs: 10_000, bodyMs: 10_000 },
          expect: { statusMin: 200, statusMax: 299 },
        },
      ],
      timing: {
        warmUpMs: 2_000,
        controlMs: 5_000,
        recoveryMs: 3_000,
        marginMs: 1_000,
        deadlineMs: 120_000,
        drainMs: 10_000,
      },
    });
    expect(Object.keys(scenario)).not.toContain("url");
    expect(scenario.objects.map(({ kind, metadata }) => [kind, metadata.namespace])).toEqual([
      ["Service", "default"],
      ["Deployment", "default"],
    ]);
  });

  it("understands every key of the example in the documentation", async () => {
    const page = readFileSync(join(import.meta.dirname, "../../docs/scenario.md"), "utf8");
    const example = /```yaml\n(name: [\s\S]*?)```/.exec(page)?.[1] ?? "";
    mkdirSync(join(folder, "app"));
    write({
      Dockerfile: "FROM scratch\n",
      "scenario.yaml": example,
      "workload.yaml": WORKLOAD.replaceAll("web", "shop")
        .replace("example/shop:1", "lastcall/shop:1")
        .replace("port: 80", "port: 8080"),
    });
    const scenario = await loadScenario(folder);
    expect(scenario).toMatchObject({
      name: "shop",
      servicePort: 8080,
      url: "http://127.0.0.1:8080",
      images: [
        {
          image: "lastcall/shop:1",
          directory: join(folder, "app"),
          command: ["node", "server.ts"],
        },
      ],
      builds: [{ image: "lastcall/shop:1", context: folder, args: [] }],
      load: [
        { name: "browse", type: "reused", request: { headers: { Accept: "application/json" } } },
        { arrival: { type: "ramp", fromPerSecond: 50, perSecond: 250, rampMs: 2_000 } },
        { name: "wait", takesMs: 4_000 },
        {
          arrival: { type: "poisson", perSecond: 20, seed: 7 },
          expect: {
            statusMin: 200,
            statusMax: 200,
            bodyIncludes: "found",
            bodyJson: { path: ["result", "state"], equals: "open" },
          },
        },
        {
          type: "transactions",
          audit: { type: "http", path: "/audit/orders" },
          effects: ["reserve", "charge", "confirm"],
          checks: [
            { type: "sum", name: "money", place: { names: ["bank", "balances"] }, equals: 100_000 },
            { type: "set", name: "orders", place: { names: ["orders"] } },
            { type: "counter", name: "sold", place: { names: ["sold"] } },
            { type: "queue", name: "packed", delivery: "exactly-once", withinMs: 10_000 },
          ],
          connections: 40,
          steps: [
            { name: "reserve", method: "POST", body: '{"item": "tea", "quantity": 1}' },
            { name: "charge", thinkMs: 100 },
            { name: "confirm", expect: { statusMin: 200, statusMax: 201 } },
          ],
        },
        {
          type: "websocket",
          path: "/chat",
          headers: { Authorization: "Bearer abc" },
          message: '{"say": "{{key}}"}',
          connections: 24,
          timeouts: { connectMs: 3_000, headersMs: 10_000 },
        },
      ],
      timing: { controlMs: 5_000, drainMs: 10_000 },
    });
  });

  it("states in the documentation the defaults that hold without it", async () => {
    write({
      "scenario.yaml":
        "load: [{ type: reused, rate: 200/s, path: / }, { type: reused, name: few, rate: 5, path: / }, " +
        "{ type: fresh, rate: 250/s, path: / }, { type: transactions, rate: 20/s, " +
        "steps: [{ name: a, path: / }], audit: /audit, effects: [a] }, " +
        "{ type: websocket, rate: 9/s, path: / }]",
      "workload.yaml": WORKLOAD.replace("replicas: 3", "replicas: 10"),
    });
    const { load } = await loadScenario(folder);
    expect(load.map(({ connections }) => connections)).toEqual([200, 80, 500, 40, 80]);
  });

  it("loads the shop of this repository, by file, folder or name", async () => {
    const shop = await loadScenario("shop");
    expect(shop).toMatchObject({ name: "shop", service: "shop" });
    expect(await loadScenario("scenarios/shop")).toEqual(shop);
    expect(await loadScenario("scenarios/shop/scenario.yaml")).toEqual(shop);
  });

  it("takes an image that is only built, for clusters whose nodes run containers", async () => {
    write({
      Dockerfile: "FROM scratch\n",
      "scenario.yaml": `${LOAD}images: { "example/web:1": { build: { context: ., args: [BASE] } } }\n`,
      "workload.yaml": WORKLOAD,
    });
    const { images, builds } = await loadScenario(folder);
    expect(images).toEqual([]);
    expect(builds).toEqual([{ image: "example/web:1", context: folder, args: ["BASE"] }]);
  });

  it("says where a Dockerfile is missing, and what a build may say", async () => {
    write({
      "scenario.yaml": `${LOAD}images: { "example/web:1": { build: ., command: [node] } }\n`,
      "workload.yaml": WORKLOAD,
    });
    const loading = loadScenario(folder);
    await expect(loading).rejects.toThrow(`build is ".", but there is no Dockerfile in ${folder}`);
    await expect(loading).rejects.toThrow(/lacks "directory"/);
  });

  it("takes a workload that is there already by its name, and its Service with it", async () => {
    const named = "manifests: []\nnamespace: shop\nworkload: deployment/web\nservice: web:80\n";
    write({ "scenario.yaml": `${named}${LOAD}` });
    expect(await loadScenario(folder)).toMatchObject({
      workload: { kind: "Deployment", namespace: "shop", name: "web" },
      service: "web",
      servicePort: 80,
      objects: [],
      isRunning: true,
    });
  });

  it.each([
    ["workload", "service: web\n", "such as Deployment/shop"],
    ["workload", "workload: Job/web\nservice: web\n", "such as Deployment/shop"],
    ["service", "workload: Deployment/web\n", "such as shop:80"],
  ])("wants %s named where there are no manifests", async (key, rest, example) => {
    const message = await problemsOf(`manifests: []\n${rest}${LOAD}`);
    expect(message).toContain(`needs a "${key}" that is there, ${example}`);
  });

  it("takes several manifests, a List, and what stands in another namespace", async () => {
    const service =
      "{ apiVersion: v1, kind: Service, metadata: { name: web }, spec: { ports: [{ port: 80 }] } }";
    const space = "{ apiVersion: v1, kind: Namespace, metadata: { name: shop-test } }";
    write({
      "scenario.yaml": `manifests: [a.yaml, b.yaml]\nnamespace: shop-test\nworkload: deployment/web\n${LOAD}`,
      "a.yaml": `apiVersion: v1\nkind: List\nitems:\n  - ${space}\n  - ${service}\n`,
      "b.yaml": WORKLOAD.slice(WORKLOAD.indexOf("---") + 4),
    });
    const { workload, objects } = await loadScenario(folder);
    expect(workload.namespace).toBe("shop-test");
    expect(objects.map(({ kind, metadata }) => [kind, metadata.namespace])).toEqual([
      ["Namespace", undefined],
      ["Service", "shop-test"],
      ["Deployment", "shop-test"],
    ]);
  });

  it("reads manifests as Kubernetes does: octal numbers, merge keys, and times as text", async () => {
    write({
      "scenario.yaml": LOAD,
      "workload.yaml": `${WORKLOAD}apiVersion: v1
kind: ConfigMap
metadata: { name: odd, annotations: &base { since: 2026-11-24, at: 22:30 } }
data: { <<: *base, mode: 0644 }
`,
    });
    const { objects } = await loadScenario(folder);
    expect(objects.at(-1)).toMatchObject({
      data: { since: "2026-11-24", at: "22:30", mode: 420 },
    });
  });
});

describe("a scenario that is not there", () => {
  const SAMPLES = "scenarios/bank, scenarios/shop, scenarios/shop-postgres, scenarios/storefront";

  it("says where it looked, what was meant and what there is", async () => {
    const error = await loadScenario("scenarios/shopp").catch((thrown: unknown) => thrown);
    expect(error).toMatchObject({
      code: "NO_SCENARIO",
      message:
        'There is no scenario "scenarios/shopp": looked for scenarios/shopp, ' +
        "scenarios/shopp/scenario.yaml, scenarios/scenarios/shopp/scenario.yaml.",
      hint: `Did you mean scenarios/shop? Scenarios found here: ${SAMPLES}.`,
    });
  });

  it("lists what there is when none was named", async () => {
    const error = await loadScenario().catch((thrown: unknown) => thrown);
    expect(error).toMatchObject({
      code: "NO_SCENARIO",
      message: "No scenario was named.",
      hint:
        'Give --scenario PATH, or write "scenario: PATH" into lastcall.yaml.\n' +
        `Scenarios found here: ${SAMPLES}.`,
    });
  });
});

describe("how long a stream waits for an answer that takes its time on purpose", () => {
  async function timeoutsOf(fields: string) {
    const load = `load: [{ type: fresh, rate: 10, path: /, ${fields} }]\n`;
    write({ "scenario.yaml": load, "workload.yaml": WORKLOAD });
    const [stream] = (await loadScenario(folder)).load;
    return [stream?.timeouts.headersMs, stream?.timeouts.bodyMs];
  }

  it.each([
    ["takes: 4s", [10_000, 10_000]],
    ["takes: 30s", [35_000, 35_000]],
    ["takes: 30s, timeouts: { headers: 31s }", [31_000, 35_000]],
    ["takes: 30s, timeouts: { connect: 1s }", [35_000, 35_000]],
    ["takes: 30s, timeouts: { headers: 2s, body: 31s }", [2_000, 31_000]],
  ])("is long enough by default and as stated otherwise (%s)", async (fields, expected) => {
    expect(await timeoutsOf(fields)).toEqual(expected);
  });

  it.each(["headers: 30s", "headers: 10s", "headers: 10s, body: 30s"])(
    "is refused where no answer could come in time (%s)",
    async (stated) => {
      const scenario = `load:
  - type: fresh
    rate: 10
    path: /
    takes: 30s
    timeouts: { ${stated} }
`;
      expect(await problemsOf(scenario)).toBe(
        `scenario.yaml:6: load[0].timeouts.headers is "${stated.slice(9, 12)}", but an answer takes 30s on purpose ("takes"), ` +
          "so every request would time out; make it longer than 30s or leave it out, " +
          'or, if the headers come at once, give "body" more than 30s',
      );
    },
  );
});

describe("a scenario with mistakes", () => {
  it("reports all of them at once, each with its line", async () => {
    const scenario = `nmae: web
url: web:80
images:
  example/web:2:
    directory: nowhere
    command: node server.js
load:
  - type: reuse
    rate: 10
  - type: reused
    rate: fast
    path: shop
    conections: 8
    headers: { "a b": c }
    timeouts: { connect: 0s, body: 10 }
    expect: 204-200
  - type: fresh
    rate: { to: 5/s, over: 1s }
    path: /{{id}}
    method: get
    connections: 0
    expect: { status: 2xx, bodyJson: { path: a, equals: [1] } }
  - type: fresh
    rate: { mean: 0/s }
  - 5
timing: { control: 5, warmup: 1s, deadline: 0s }
`;
    expect(await problemsOf(scenario)).toBe(
      `25 problems:
  scenario.yaml:1: nmae is no known key; did you mean "name"? Known keys here: name, url, namespace, manifests, workload, service, images, load, timing, abort
  scenario.yaml:2: url is "web:80"; it must be an address such as http://shop.example:8080
  scenario.yaml:4: images["example/web:2"] is the image of no container; the manifests use example/web:1
  scenario.yaml:5: images["example/web:2"].directory is "nowhere", but there is no folder nowhere
  scenario.yaml:6: images["example/web:2"].command is "node server.js"; it must be a list of words, such as [node, server.ts]
  scenario.yaml:8: load[0].type is "reuse"; it must be reused, fresh, transactions, or websocket
  scenario.yaml:11: load[1].rate is "fast"; it must be a rate above 0, such as 200/s
  scenario.yaml:12: load[1].path is "shop"; it must be a path that begins with /
  scenario.yaml:13: load[1].conections is no known key; did you mean "connections"? Known keys here: type, name, rate, connections, method, path, headers, body, takes, timeouts, expect
  scenario.yaml:14: load[1].headers["a b"] has a name that no header can have
  scenario.yaml:15: load[1].timeouts.connect is "0s"; it must be a duration above 0, such as 300ms or 5s
  scenario.yaml:15: load[1].timeouts.body is "10"; it must be a duration above 0, such as 300ms or 5s
  scenario.yaml:16: load[1].expect is "204-200"; it must be a status such as 200, 2xx or 200-204
  scenario.yaml:18: load[2].rate lacks "from", which must be a rate such as 50/s
  scenario.yaml:19: load[2].path holds {{id}}; the placeholders are {{key}} and {{seq}}
  scenario.yaml:20: load[2].method is "get"; it must be GET, HEAD, POST, PUT, PATCH, DELETE, or OPTIONS
  scenario.yaml:21: load[2].connections is "0"; it must be a whole number above 0
  scenario.yaml:22: load[2].expect.bodyJson.equals is a list; it must be a text, a number, true, false or null
  scenario.yaml:23: load[3] lacks "path", which must be a path that begins with /
  scenario.yaml:24: load[3].rate.mean is "0/s"; it must be a rate above 0, such as 200/s
  scenario.yaml:24: load[3].rate lacks "seed", which must be a whole number
  scenario.yaml:25: load[4] is "5"; it must be a stream: a mapping with type, rate and path
  scenario.yaml:26: timing.control is "5"; it must be a duration such as 300ms, 5s or 2m
  scenario.yaml:26: timing.deadline is "0s"; it must be a duration above 0, such as 300ms or 5s
  scenario.yaml:26: timing.warmup is no known key; did you mean "warmUp"? Known keys here: warmUp, control, recovery, margin, deadline, drain`,
    );
  });

  it.each([
    ["", "scenario.yaml:1: the file is empty; it must be a mapping of keys"],
    ["- a\n", "scenario.yaml:1: the file is a list; it must be a mapping of keys"],
    [
      "name: web\n",
      'scenario.yaml:1: the file lacks "load", which must be a list of streams, each with type, rate and path',
    ],
    [
      "load: []\n",
      "scenario.yaml:1: load is an empty list; it must be a list of streams, each with type, rate and path",
    ],
    ["load:\n  - a: b\n - c\n", "scenario.yaml:3: no valid YAML: "],
    [`${LOAD}${LOAD}`, "scenario.yaml:2: no valid YAML: Map keys must be unique"],
    [
      `${LOAD}---\n${LOAD}`,
      "scenario.yaml:1: the file holds more than one YAML document; it must be one",
    ],
    [
      `${LOAD}namespace: My Space\n`,
      'scenario.yaml:2: namespace is "My Space"; it must be a namespace: small letters, digits and dashes',
    ],
    [
      `${LOAD}workload: web\n`,
      'scenario.yaml:2: workload is "web"; it must be a workload such as Deployment/shop',
    ],
    [
      `${LOAD}workload: StatefulSet/web\n`,
      'scenario.yaml:2: workload is "StatefulSet/web", but the manifests hold Deployment/web',
    ],
    [
      `${LOAD}service: shop\n`,
      'scenario.yaml:2: service names the Service "shop", but the manifests hold web',
    ],
    [`${LOAD}service: web:81\n`, "scenario.yaml:2: service names port 81, but web has 80"],
    [
      `${LOAD}manifests: [workload.yaml, more.yaml]\n`,
      'scenario.yaml:2: manifests[1] is "more.yaml", but there is no file more.yaml',
    ],
    [
      `${LOAD}manifests: { file: a }\n`,
      "scenario.yaml:2: manifests is a mapping; it must be a file name or a list of file names",
    ],
    [
      "load: [{ type: fresh, rate: 1, path: / }, { type: fresh, rate: 1, path: / }]\n",
      'scenario.yaml:1: load has two streams called "fresh"; names must differ',
    ],
    [
      "load:\n  - { type: transactions, rate: 1, steps: [{ name: a, path: / }], audit: x, effects: [a, a] }\n",
      'scenario.yaml:2: load[0].audit is "x"; it must be a path that begins with /, or a mapping',
    ],
    [
      "load: [{ type: websocket, rate: 1, path: /, message: hello }]\n",
      'load[0].message is "hello"; it must be a text that holds {{key}}, with no digit after it',
    ],
    [
      "load: [{ type: websocket, rate: 1, path: /, message: '{{key}}{{seq}}' }]\n",
      'load[0].message is "{{key}}{{seq}}"; it must be a text that holds {{key}}',
    ],
  ])("says of %j what is wrong", async (scenario, problem) => {
    expect(await problemsOf(scenario)).toContain(problem);
  });

  it("refuses a second stream of transactions, and names that occur twice in one", async () => {
    const stream = (name: string, step: string) =>
      `  - { type: transactions, name: ${name}, rate: 1, audit: /, effects: [a, ${name}],
      steps: [{ name: a, path: / }, { name: ${step}, path: / }] }\n`;
    expect(await problemsOf(`load:\n${stream("a", "a")}${stream("b", "b")}`)).toBe(
      `3 problems:
  scenario.yaml:1: load has more than one stream of type "transactions"; one is allowed
  scenario.yaml:2: load[0].effects has two effects called "a"; names must differ
  scenario.yaml:3: load[0].steps has two steps called "a"; names must differ`,
    );
  });
});

describe("manifests with mistakes", () => {
  it("names the file and line of what is no Kubernetes object", async () => {
    const workload = `${WORKLOAD}kind: Foo
metadata: {}
---
- a list
---
apiVersion: v1
kind: List
items:
  - kind: Secret
    apiVersion: v1
    metadata: { name: ok }
  - kind: Secret
    metadata: { generateName: x- }
---
text: *nowhere
`;
    expect(await problemsOf(LOAD, workload)).toBe(
      `4 problems:
  workload.yaml:20: this is no Kubernetes object: it lacks apiVersion, metadata.name
  workload.yaml:23: this is no Kubernetes object: it lacks apiVersion, kind, metadata.name
  workload.yaml:31: this is no Kubernetes object: it lacks apiVersion, metadata.name
  workload.yaml:34: this cannot be read: ReferenceError: Unresolved alias (the anchor must be set before the alias): nowhere`,
    );
  });

  it("reports broken manifests together with what is wrong in the scenario", async () => {
    expect(await problemsOf("load: 5\n", "kind: [\n")).toMatch(
      /^2 problems:\n {2}workload.yaml:\d: no valid YAML: .*\n {2}scenario.yaml:1: load is "5"; /,
    );
  });

  it.each([
    [
      "kind: Deployment",
      "kind: Job",
      "scenario.yaml:1: the file needs a Deployment, StatefulSet or DaemonSet; its manifests hold Service/web, Job/web",
    ],
    [
      "kind: Service",
      "kind: Secret",
      "scenario.yaml:1: the file needs a Service; its manifests hold none",
    ],
    [
      "ports: [{ port: 80 }]",
      "ports: [{ port: 80 }, { port: 81 }]",
      "scenario.yaml:1: the file must say which port of web: write web:80 or web:81",
    ],
    [
      "ports: [{ port: 80 }]",
      "ports: 80",
      "workload.yaml:1: Service/web has no ports, so no load can go through it",
    ],
    [
      "selector: { app: web }",
      "selector: { app: wep }",
      "workload.yaml:1: Service/web selects no pod of Deployment/web: compare its selector with the pod template's labels",
    ],
    [
      "kind: Service\nmetadata: { name: web }",
      "kind: Service\nmetadata: { name: web, namespace: shop }",
      'workload.yaml:1: Service/web is in namespace "shop", but Deployment/web is in "default"',
    ],
    [
      "kind: Service\nmetadata: { name: web }",
      "kind: DaemonSet\nmetadata: { name: agent }",
      'the file lacks "workload": its manifests hold DaemonSet/agent, Deployment/web; say which',
    ],
  ])("says, when %j is %j, what is wrong", async (right, wrong, problem) => {
    expect(WORKLOAD).toContain(right);
    expect(await problemsOf(LOAD, WORKLOAD.replace(right, wrong))).toContain(problem);
  });

  it("asks which Service is meant when there are two", async () => {
    const other = WORKLOAD.slice(0, WORKLOAD.indexOf("---")).replace("name: web", "name: other");
    expect(await problemsOf(LOAD, `${other}---\n${WORKLOAD}`)).toBe(
      'scenario.yaml:1: the file lacks "service": its manifests hold the Services other, web; say which',
    );
  });

  it("says that there are no manifests at all", async () => {
    write({ "scenario.yaml": LOAD });
    const error = await loadScenario(folder).catch((thrown: unknown) => thrown);
    expect(error).toMatchObject({
      message: `${folder}/scenario.yaml:1: the file lacks "manifests", and there is no ${folder}/workload.yaml`,
    });
  });

  it("survives fields of the wrong type, which the API server will refuse", async () => {
    const odd = WORKLOAD.replace("replicas: 3", 'replicas: "3"').replace(
      /containers: .*/,
      "containers: { name: web }",
    );
    write({
      "scenario.yaml": LOAD.replace("fresh, rate: 10", "reused, rate: 1"),
      "workload.yaml": odd,
    });
    expect((await loadScenario(folder)).load[0]?.connections).toBe(8);
  });
});
