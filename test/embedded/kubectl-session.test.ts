import { readFile } from "node:fs/promises";
import { connect } from "node:net";
import { afterAll, beforeAll, describe, expect, it, vi } from "vitest";
import { type EmbeddedCluster, startCluster } from "#embedded/index.ts";
import { openTerminal, readTable, type Terminal } from "./kubectl.ts";

/*
 * A session with the real kubectl, in the order of the file: what it prints here is what it prints for the
 * same objects of any other cluster. Old clients work too, and say some things in other words.
 */

let cluster: EmbeddedCluster;
let terminal: Terminal;

beforeAll(async () => {
  cluster = await startCluster({ nodes: 3 });
  terminal = await openTerminal(cluster.kubeconfig);
}, 60_000);
afterAll(async () => {
  await terminal?.close();
  await cluster?.stop();
});

/** Runs a command that has to succeed, and resolves to what it prints. */
async function kubectl(command: string, ...args: readonly string[]): Promise<string> {
  const { code, out, err } = await terminal.run([...words(command), ...args]);
  if (code !== 0) throw new Error(`kubectl ${command} ended with ${code}: ${err}`);
  return out;
}

/** Runs a command that has to fail, and resolves to its error. */
async function refused(command: string, ...args: readonly string[]): Promise<string> {
  const { code, err } = await terminal.run([...words(command), ...args]);
  expect(code, `kubectl ${command}`).not.toBe(0);
  return err;
}

const words = (command: string) => command.split(" ").filter((word) => word !== "");
const table = async (command: string) => readTable(await kubectl(command));
const field = (resource: string, path: string) => kubectl(`get ${resource} -o jsonpath={${path}}`);
const rolledOut = (name: string) => kubectl(`rollout status ${name} --timeout=60s`);

/** One command of kubectl takes seconds where other work goes on. */
const PATIENT = { timeout: 30_000, interval: 200 };
const AGE = /^\d+(?:s|m(?:\d+s)?)$/;
/** Since 1.34 kubectl also says from which namespace. */
const deleted = (what: string) =>
  new RegExp(`^${what} (?:force )?deleted(?: from default namespace)?\n$`);

const PROGRAM =
  "process.on('SIGTERM',()=>process.exit(0));setInterval(()=>{},1000);console.log('started')";

const manifest = (name: string, replicas = 2) => `apiVersion: apps/v1
kind: Deployment
metadata: { name: ${name}, labels: { app: ${name} } }
spec:
  replicas: ${replicas}
  selector: { matchLabels: { app: ${name} } }
  template:
    metadata: { labels: { app: ${name} } }
    spec:
      terminationGracePeriodSeconds: 5
      containers:
        - name: app
          image: node:24
          command: [node, -e, "${PROGRAM}"]
          ports: [{ containerPort: 8080 }]
---
apiVersion: v1
kind: Service
metadata: { name: ${name} }
spec:
  selector: { app: ${name} }
  ports: [{ port: 80, targetPort: 8080 }]
`;

describe("what there is", () => {
  it("version, api-versions and api-resources", async () => {
    expect(await kubectl("version")).toMatch(/Server Version: .*v?1\.36|Minor:"36"/);
    const versions = (await kubectl("api-versions")).split("\n");
    expect(versions).toEqual(expect.arrayContaining(["v1", "apps/v1", "batch/v1", "policy/v1"]));
    const { titles, rows } = await table("api-resources");
    expect(titles).toEqual(["NAME", "SHORTNAMES", "APIVERSION", "NAMESPACED", "KIND"]);
    const resource = (name: string, shorts: string, version: string, kind: string) => ({
      ...{ NAME: name, SHORTNAMES: shorts, APIVERSION: version },
      ...{ NAMESPACED: "true", KIND: kind },
    });
    expect(rows).toContainEqual(resource("pods", "po", "v1", "Pod"));
    expect(rows).toContainEqual(resource("deployments", "deploy", "apps/v1", "Deployment"));
    expect(rows).toContainEqual(
      resource("poddisruptionbudgets", "pdb", "policy/v1", "PodDisruptionBudget"),
    );
    expect(await kubectl("api-resources --namespaced=false -o name")).toMatch(/^nodes$/m);
    expect(await kubectl("auth can-i delete pods")).toBe("yes\n");
    expect(await kubectl("cluster-info")).toContain(cluster.url);
  });

  it("explain: the fields of a kind, and their types", async () => {
    if (terminal.minor < 27) return; // these ask in an older form, which has no types here
    const text = await kubectl("explain deployment.spec.strategy");
    expect(text).toMatch(/^FIELD: strategy <DeploymentStrategy>$/m);
    expect(text).toMatch(/^ {2}rollingUpdate\s<RollingUpdateDeployment>$/m);
    expect(await refused("explain deployment.spec.nope")).toContain('field "nope" does not exist');
  });

  it("namespaces, nodes and the API's own service", async () => {
    const namespaces = await table("get namespaces");
    expect(namespaces.titles).toEqual(["NAME", "STATUS", "AGE"]);
    expect(namespaces.rows.map(({ NAME }) => NAME)).toEqual([
      ...["default", "kube-node-lease", "kube-public", "kube-system"],
    ]);
    const nodes = await table("get nodes");
    expect(nodes.rows).toEqual(
      [1, 2, 3].map((index) => ({
        ...{ NAME: `node-${index}`, STATUS: "Ready", ROLES: "<none>" },
        ...{ AGE: expect.stringMatching(AGE), VERSION: "v1.36.2" },
      })),
    );
    expect((await table("get nodes -o wide")).titles).toEqual([
      ...["NAME", "STATUS", "ROLES", "AGE", "VERSION", "INTERNAL-IP", "EXTERNAL-IP"],
      ...["OS-IMAGE", "KERNEL-VERSION", "CONTAINER-RUNTIME"],
    ]);
    const [service] = (await table("get service")).rows;
    expect(service).toMatchObject({ NAME: "kubernetes", TYPE: "ClusterIP", "PORT(S)": "443/TCP" });
  });
});

describe("apply and get", () => {
  it("says what was created, changed and left as it was", async () => {
    const file = await terminal.write("web.yaml", manifest("web"));
    const outcome = (verb: string) => `deployment.apps/web ${verb}\nservice/web ${verb}\n`;
    expect(await kubectl("apply -f", file)).toBe(outcome("created"));
    expect(await rolledOut("deployment/web")).toMatch(
      /^(?:Waiting for deployment .*\n)*deployment "web" successfully rolled out\n$/,
    );
    expect(await kubectl("apply -f", file)).toBe(outcome("unchanged"));
    expect(await kubectl("apply --dry-run=server -f", file)).toContain(
      "unchanged (server dry run)",
    );
    const more = await terminal.write("web.yaml", manifest("web", 3));
    const diff = await terminal.run(["diff", "-f", more]);
    expect([diff.code, diff.out]).toEqual([
      1,
      expect.stringMatching(/^- {2}replicas: 2\n\+ {2}replicas: 3$/m),
    ]);
    expect(await kubectl("apply -f", more)).toBe(
      "deployment.apps/web configured\nservice/web unchanged\n",
    );
    await rolledOut("deployment/web");
  });

  it("refuses what the API does not know, and what is wrong", async () => {
    const misspelt = manifest("bad").replace("replicas:", "replicsa:");
    const file = await terminal.write("bad.yaml", misspelt);
    if (terminal.minor >= 25) {
      expect(await refused("apply -f", file)).toContain('unknown field "spec.replicsa"');
    }
    // Older clients leave that to a schema of their own, which no server has to give them.
    const wrong = manifest("bad").replace("matchLabels: { app: bad }", "matchLabels: { app: x }");
    await kubectl("delete --ignore-not-found -f", file);
    await terminal.write("bad.yaml", wrong);
    expect(await refused("apply -f", file)).toContain(
      'The Deployment "bad" is invalid: spec.template.metadata.labels: Invalid value: ',
    );
    await kubectl("delete --ignore-not-found -f", file);
    await expect.poll(() => kubectl("get pods -l app=bad -o name"), PATIENT).toBe("");
  });

  it("tables of pods, replica sets, deployments and endpoints", async () => {
    const pods = await table("get pods");
    expect(pods.titles).toEqual(["NAME", "READY", "STATUS", "RESTARTS", "AGE"]);
    expect(pods.rows).toHaveLength(3);
    for (const row of pods.rows) {
      expect(row).toEqual({
        NAME: expect.stringMatching(/^web-[a-z0-9]+-[a-z0-9]{5}$/),
        ...{ READY: "1/1", STATUS: "Running", RESTARTS: "0", AGE: expect.stringMatching(AGE) },
      });
    }
    const wide = await table("get pods -o wide");
    expect(wide.titles.slice(5)).toEqual(["IP", "NODE", "NOMINATED NODE", "READINESS GATES"]);
    expect(wide.rows.map(({ NODE }) => NODE).toSorted()).toEqual(["node-1", "node-2", "node-3"]);
    const [deployment] = (await table("get deployment web -o wide")).rows;
    expect(deployment).toEqual({
      ...{ NAME: "web", READY: "3/3", "UP-TO-DATE": "3", AVAILABLE: "3" },
      ...{
        AGE: expect.stringMatching(AGE),
        CONTAINERS: "app",
        IMAGES: "node:24",
        SELECTOR: "app=web",
      },
    });
    const [replicaSet] = (await table("get rs")).rows;
    expect(replicaSet).toMatchObject({ DESIRED: "3", CURRENT: "3", READY: "3" });
    const { out, err } = await terminal.run(words("get endpoints web"));
    expect(readTable(out).rows[0]).toMatchObject({ NAME: "web" });
    expect(err).toContain("Warning: v1 Endpoints is deprecated in v1.33+");
    const [slice] = (await table("get endpointslices -l kubernetes.io/service-name=web")).rows;
    expect(slice).toMatchObject({ ADDRESSTYPE: "IPv4", PORTS: "8080" });
    expect(slice?.["ENDPOINTS"]?.split(",")).toHaveLength(3);
    expect((await table("get pods --show-labels")).rows[0]?.["LABELS"]).toMatch(
      /^app=web,pod-template-hash=[a-z0-9]+$/,
    );
  });

  it("the same object as YAML, JSON, a path of it, its name, and columns of one's own", async () => {
    expect(await kubectl("get deployment web -o yaml")).toMatch(
      /^apiVersion: apps\/v1\nkind: Deployment\nmetadata:\n {2}annotations:\n {4}deployment.kubernetes.io\/revision: "1"\n/,
    );
    expect(JSON.parse(await kubectl("get deployment web -o json"))).toMatchObject({
      apiVersion: "apps/v1",
      kind: "Deployment",
      metadata: { name: "web", namespace: "default", generation: 2 },
      spec: { replicas: 3, strategy: { type: "RollingUpdate" } },
      status: { readyReplicas: 3, observedGeneration: 2 },
    });
    expect(await field("deployment/web", ".spec.template.spec.containers[*].image")).toBe(
      "node:24",
    );
    expect(await kubectl("get deployment,service web -o name")).toBe(
      "deployment.apps/web\nservice/web\n",
    );
    expect(
      await kubectl(
        "get service web -o custom-columns=NAME:.metadata.name,PORT:.spec.ports[0].port",
      ),
    ).toBe("NAME   PORT\nweb    80\n");
    expect(
      await kubectl("get pods -l app=web --field-selector=status.phase=Running -o name"),
    ).toMatch(/^(?:pod\/web-\S+\n){3}$/);
    expect(await kubectl("get --raw /readyz")).toBe("ok");
  });

  it("get -w shows the list, and then every change", async () => {
    const watching = terminal.start(["get", "deployment", "web", "-w"]);
    await watching.until(/3\/3/);
    await kubectl("scale deployment web --replicas=2");
    await watching.until(/2\/2 +2 +2/);
    await watching.stop();
    expect(watching.lines[0]).toMatch(/^NAME +READY +UP-TO-DATE +AVAILABLE +AGE$/);
    expect(watching.lines.filter((line) => line.startsWith("NAME"))).toHaveLength(1);
    for (const line of watching.lines.slice(1)) {
      expect(line).toMatch(/^web +\d\/\d +\d +\d +\d+s$/);
    }
  });

  it("says what is not there", async () => {
    expect(await refused("get pod nobody")).toBe(
      'Error from server (NotFound): pods "nobody" not found\n',
    );
    expect(await refused("get gadgets")).toBe(
      'error: the server doesn\'t have a resource type "gadgets"\n',
    );
    const { err } = await terminal.run(["get", "pods", "-l", "app=nothing"]);
    expect(err).toBe("No resources found in default namespace.\n");
  });
});

describe("describe", () => {
  const lines = (text: string) =>
    text.split("\n").map((line) => line.trim().replaceAll(/\s{2,}/g, "  "));

  it("a deployment, with its conditions and events", async () => {
    const text = lines(await kubectl("describe deployment web"));
    expect(text).toEqual(
      expect.arrayContaining([
        ...["Name:  web", "Namespace:  default", "Selector:  app=web"],
        "Replicas:  2 desired | 2 updated | 2 total | 2 available | 0 unavailable",
        ...["StrategyType:  RollingUpdate", "MinReadySeconds:  0"],
        "RollingUpdateStrategy:  25% max unavailable, 25% max surge",
        ...["Image:  node:24", "Port:  8080/TCP", "OldReplicaSets:  <none>"],
        "Available  True  MinimumReplicasAvailable",
        "Progressing  True  NewReplicaSetAvailable",
        expect.stringMatching(/^NewReplicaSet: {2}web-\S+ \(2\/2 replicas created\)$/),
        expect.stringMatching(
          /^Normal {2}ScalingReplicaSet {2}\S+ {2}deployment-controller {2}Scaled up replica set web-\S+ (?:from 0 )?to 2$/,
        ),
      ]),
    );
  });

  it("a pod, with its containers, conditions and events", async () => {
    const [name = ""] = (await kubectl("get pods -l app=web -o name")).split("\n");
    const text = lines(await kubectl(`describe ${name}`));
    expect(text).toEqual(
      expect.arrayContaining([
        ...["Status:  Running", "Ready:  True", "Restart Count:  0", "QoS Class:  BestEffort"],
        expect.stringMatching(/^Node: {2}node-\d\/127\./),
        expect.stringMatching(/^Controlled By: {2}ReplicaSet\/web-\S+$/),
        ...["Image:  node:24", "State:  Running", "PodScheduled  True", "ContainersReady  True"],
        "Tolerations:  node.kubernetes.io/not-ready:NoExecute op=Exists for 300s",
        expect.stringMatching(
          /^Normal {2}Scheduled {2}\S+ {2}default-scheduler {2}Successfully assigned default\/web-\S+ to node-\d$/,
        ),
        expect.stringMatching(
          /^Normal {2}Started {2}\S+ {2}kubelet {2}(?:spec\.containers\{app\}: )?Container started$/,
        ),
      ]),
    );
  });

  it("a node, with its pods", async () => {
    const text = lines(await kubectl("describe node node-1"));
    expect(text).toEqual(
      expect.arrayContaining([
        ...["Name:  node-1", "Taints:  <none>", "Unschedulable:  false", "HolderIdentity:  node-1"],
        expect.stringMatching(
          /^Ready {2}True {2}.* {2}KubeletReady {2}kubelet is posting ready status$/,
        ),
        expect.stringMatching(/^Non-terminated Pods: {2}\(\d in total\)$/),
        expect.stringMatching(
          /^Normal {2}NodeReady {2}\S+ {2}kubelet {2}Node node-1 status is now: NodeReady$/,
        ),
      ]),
    );
  });

  it("a service, with its endpoints", async () => {
    const text = lines(await kubectl("describe service web"));
    expect(text).toEqual(
      expect.arrayContaining([
        ...["Name:  web", "Selector:  app=web", "Type:  ClusterIP", "Port:  <unset>  80/TCP"],
        ...["TargetPort:  8080/TCP", "Session Affinity:  None", "Events:  <none>"],
        expect.stringMatching(/^Endpoints: {2}127\.[\d.]+:8080,127\.[\d.]+:8080$/),
      ]),
    );
  });
});

describe("create", () => {
  it.each([
    ["namespace team", "namespace/team created"],
    ["configmap settings --from-literal=colour=blue", "configmap/settings created"],
    ["secret generic password --from-literal=word=sesame", "secret/password created"],
    ["serviceaccount robot", "serviceaccount/robot created"],
    ["deployment plain --image=node:24 --replicas=0", "deployment.apps/plain created"],
    ["job once --image=node:24 -- node -e console.log(1)", "job.batch/once created"],
    ["cronjob nightly --image=node:24 --schedule=@daily -- true", "cronjob.batch/nightly created"],
    ["service clusterip plain --tcp=80:8080", "service/plain created"],
    [
      "poddisruptionbudget web --selector=app=web --min-available=1",
      "poddisruptionbudget.policy/web created",
    ],
    ["quota ten --hard=pods=10", "resourcequota/ten created"],
    ["role reader --verb=get --resource=pods", "role.rbac.authorization.k8s.io/reader created"],
    [
      "rolebinding reader --role=reader --serviceaccount=default:robot",
      "rolebinding.rbac.authorization.k8s.io/reader created",
    ],
    ["ingress front --rule=shop.example/*=web:80", "ingress.networking.k8s.io/front created"],
    ["priorityclass urgent --value=7", "priorityclass.scheduling.k8s.io/urgent created"],
  ])("%s", async (command, answer) => {
    // Budgets and cron jobs got their last version in 1.21.
    if (terminal.minor < 21 && /^(?:poddisruptionbudget|cronjob)/.test(command)) {
      const yaml = command.startsWith("cronjob") ? CRON_JOB : BUDGET;
      expect(await kubectl("apply -f", await terminal.write("v1.yaml", yaml))).toBe(`${answer}\n`);
      return;
    }
    expect(await kubectl(`create ${command}`)).toBe(`${answer}\n`);
  });

  const CRON_JOB = `apiVersion: batch/v1
kind: CronJob
metadata: { name: nightly }
spec:
  schedule: "@daily"
  jobTemplate: { spec: { template: { spec: { restartPolicy: Never, containers: [{ name: a, image: "node:24", command: ["true"] }] } } } }
`;
  const BUDGET = `apiVersion: policy/v1
kind: PodDisruptionBudget
metadata: { name: web }
spec: { minAvailable: 1, selector: { matchLabels: { app: web } } }
`;

  it("keeps what was given", async () => {
    expect(await field("configmap/settings", ".data.colour")).toBe("blue");
    expect(await field("secret/password", ".data.word")).toBe("c2VzYW1l");
    expect(await field("deployment/plain", ".spec.replicas")).toBe("0");
    expect(await field("cronjob/nightly", ".spec.schedule")).toBe("@daily");
    expect(await kubectl("wait --for=condition=Complete job/once --timeout=20s")).toBe(
      "job.batch/once condition met\n",
    );
    const [job] = (await table("get job once")).rows;
    expect(job).toMatchObject({ STATUS: "Complete", COMPLETIONS: "1/1" });
  });

  it("shows each in its own table", async () => {
    const titles = async (resource: string) => (await table(`get ${resource}`)).titles.join(" ");
    expect(await titles("configmap")).toBe("NAME DATA AGE");
    expect(await titles("secret")).toBe("NAME TYPE DATA AGE");
    expect(await titles("cronjob")).toBe("NAME SCHEDULE TIMEZONE SUSPEND ACTIVE LAST SCHEDULE AGE");
    expect(await titles("quota")).toBe("NAME REQUEST LIMIT AGE");
    expect(await titles("rolebinding")).toBe("NAME ROLE AGE");
    expect(await titles("ingress")).toBe("NAME CLASS HOSTS ADDRESS PORTS AGE");
    const [budget] = (await table("get pdb web")).rows;
    expect(budget).toMatchObject({
      ...{ "MIN AVAILABLE": "1", "MAX UNAVAILABLE": "N/A", "ALLOWED DISRUPTIONS": "1" },
    });
  });

  it("refuses a name that is taken", async () => {
    expect(await refused("create configmap settings")).toMatch(
      /configmaps "settings" already exists\n$/,
    );
  });
});

describe("changing what is there", () => {
  it("patches in three languages, and says when nothing changed", async () => {
    const settings = "configmap settings";
    expect(await kubectl(`patch ${settings} -p`, '{"data":{"size":"big"}}')).toBe(
      "configmap/settings patched\n",
    );
    expect(await kubectl(`patch ${settings} --type=merge -p`, '{"data":{"size":null}}')).toBe(
      "configmap/settings patched\n",
    );
    const operation = '[{"op":"replace","path":"/data/colour","value":"red"}]';
    expect(await kubectl(`patch ${settings} --type=json -p`, operation)).toBe(
      "configmap/settings patched\n",
    );
    expect(await kubectl(`patch ${settings} --type=json -p`, operation)).toBe(
      "configmap/settings patched (no change)\n",
    );
    expect(await field("configmap/settings", ".data")).toBe('{"colour":"red"}');
    const missing = '[{"op":"remove","path":"/data/none"}]';
    expect(await refused(`patch ${settings} --type=json -p`, missing)).toMatch(
      /the server rejected our request|The request is invalid/,
    );
  });

  it("labels and annotates", async () => {
    expect(await kubectl("label configmap settings tier=back")).toBe(
      "configmap/settings labeled\n",
    );
    expect(await refused("label configmap settings tier=front")).toBe(
      "error: 'tier' already has a value (back), and --overwrite is false\n",
    );
    expect(await kubectl("annotate configmap settings note=x")).toBe(
      "configmap/settings annotated\n",
    );
    expect(await kubectl("label configmap settings tier-")).toMatch(
      /^configmap\/settings (?:un)?labeled\n$/,
    );
  });

  it("scales, also only from a number that is expected", async () => {
    expect(await kubectl("scale deployment web --replicas=3")).toBe("deployment.apps/web scaled\n");
    expect(await refused("scale deployment web --replicas=9 --current-replicas=7")).toBe(
      "error: Expected replicas to be 7, was 3\n",
    );
    await rolledOut("deployment/web");
    expect(await field("deployment/web", ".status.readyReplicas")).toBe("3");
  });

  it("sets image, environment and resources, and follows the rollout", async () => {
    expect(await kubectl("set image deployment/web app=node:25")).toBe(
      "deployment.apps/web image updated\n",
    );
    expect(await rolledOut("deployment/web")).toMatch(
      /^Waiting for deployment "web" rollout to finish: [\s\S]*\ndeployment "web" successfully rolled out\n$/,
    );
    expect(await kubectl("set env deployment/web MODE=fast")).toBe(
      "deployment.apps/web env updated\n",
    );
    expect(await kubectl("set resources deployment/web --limits=memory=64Mi")).toBe(
      "deployment.apps/web resource requirements updated\n",
    );
    await rolledOut("deployment/web");
    expect(await field("deployment/web", ".spec.template.spec.containers[0].env[0].value")).toBe(
      "fast",
    );
    expect(await kubectl("set env deployment/web --list")).toContain("MODE=fast");
  });

  it("knows the history, and goes back", async () => {
    expect(await kubectl("rollout history deployment/web")).toBe(
      `deployment.apps/web \nREVISION  CHANGE-CAUSE\n${[1, 2, 3, 4].map((revision) => `${revision}         <none>\n`).join("")}\n`,
    );
    const second = await kubectl("rollout history deployment/web --revision=2");
    expect(second).toMatch(/^deployment.apps\/web with revision #2\nPod Template:\n/);
    expect(second).toMatch(/Image:\s+node:25\n/);
    expect(await kubectl("rollout undo deployment/web --to-revision=2")).toBe(
      "deployment.apps/web rolled back\n",
    );
    await rolledOut("deployment/web");
    expect(await field("deployment/web", ".spec.template.spec.containers[0].env")).toBe("");
    expect(await kubectl("rollout undo deployment/web")).toBe("deployment.apps/web rolled back\n");
    // Newer clients warn before, of what "apply" remembers.
    expect(await refused("rollout undo deployment/web --to-revision=77")).toMatch(
      /^(?:Warning: .*\n)?error: unable to find specified revision 77 in history\n$/,
    );
    expect(
      await field("deployment/web", ".metadata.annotations.deployment\\.kubernetes\\.io/revision"),
    ).toMatch(/^[56]$/);
  });

  it("pauses, resumes and restarts", async () => {
    expect(await kubectl("rollout pause deployment/web")).toBe("deployment.apps/web paused\n");
    expect(await refused("rollout pause deployment/web")).toContain("is already paused");
    expect(await refused("rollout restart deployment/web")).toContain(
      "can't restart paused deployment",
    );
    expect(await kubectl("rollout resume deployment/web")).toBe("deployment.apps/web resumed\n");
    expect(await kubectl("rollout restart deployment/web")).toBe("deployment.apps/web restarted\n");
    await rolledOut("deployment/web");
    expect(
      await field(
        "deployment/web",
        ".spec.template.metadata.annotations.kubectl\\.kubernetes\\.io/restartedAt",
      ),
    ).toMatch(/^20\d\d-/);
    expect(await kubectl("wait --for=condition=Available deployment/web --timeout=20s")).toBe(
      "deployment.apps/web condition met\n",
    );
  });

  it("applies on the server's side, and names who holds what", async () => {
    const file = await terminal.write("owned.yaml", manifest("owned", 1));
    expect(await kubectl("apply --server-side -f", file)).toBe(
      "deployment.apps/owned serverside-applied\nservice/owned serverside-applied\n",
    );
    await kubectl("scale deployment owned --replicas=2");
    const conflict = await refused("apply --server-side -f", file);
    expect(conflict).toMatch(
      /Apply failed with 1 conflict: conflict with "kubectl" (?:with subresource "scale" )?using apps\/v1: \.spec\.replicas/,
    );
    await kubectl("apply --server-side --force-conflicts -f", file);
    expect(await field("deployment/owned", ".spec.replicas")).toBe("1");
    await kubectl("delete --wait=false -f", file);
  });
});

describe("inside a pod", () => {
  const TALK =
    "process.on('SIGTERM',()=>process.exit(0));let n=0;setInterval(()=>console.log('tick',++n),100)";

  beforeAll(async () => {
    await kubectl("run talker --image=node:24 --", "node", "-e", TALK);
    await kubectl(
      "run crasher --image=node:24 --",
      "node",
      "-e",
      "console.log('dying');process.exit(3)",
    );
    await kubectl("wait --for=condition=Ready pod/talker --timeout=20s");
  });

  it("logs: all, the last lines, of one container, of the one before, and as they come", async () => {
    await vi.waitFor(
      async () => expect(await kubectl("logs talker")).toMatch(/^tick 1\ntick 2\n/),
      PATIENT,
    );
    expect(await kubectl("logs talker --tail=1")).toMatch(/^tick \d+\n$/);
    expect(await kubectl("logs talker -c talker --limit-bytes=6")).toBe("tick 1");
    expect(await refused("logs talker -c other")).toMatch(
      /container other is not valid for pod talker/,
    );
    expect(await kubectl("logs deployment/web")).toContain("started\n");
    const following = terminal.start(["logs", "-f", "talker", "--tail=1"]);
    const [first = ""] = /\d+/.exec(await following.until(/tick \d+\n/)) ?? [];
    await following.until(new RegExp(`tick ${Number(first) + 3}\n`));
    await following.stop();
    const restarted = async () =>
      expect(
        Number(await field("pod/crasher", ".status.containerStatuses[0].restartCount")),
      ).toBeGreaterThan(0);
    await vi.waitFor(restarted, PATIENT);
    expect(await kubectl("logs crasher --previous")).toBe("dying\n");
    expect(await refused("logs talker --previous")).toContain(
      'previous terminated container "talker" in pod "talker" not found',
    );
    const [row] = (await table("get pod crasher")).rows;
    expect(row?.["STATUS"]).toMatch(/^(?:CrashLoopBackOff|Error|Running)$/);
    expect(row?.["RESTARTS"]).toMatch(/^\d( \(\d+s ago\))?$/);
  });

  it("exec: output, input, and the exit code", async () => {
    expect(await kubectl("exec talker --", "echo", "two words")).toBe("two words\n");
    const failing = await terminal.run(["exec", "talker", "--", "sh", "-c", "echo no >&2; exit 7"]);
    expect([failing.code, failing.err]).toEqual([7, "no\ncommand terminated with exit code 7\n"]);
    const piped = await terminal.run(["exec", "-i", "talker", "--", "tr", "a-z", "A-Z"], {
      input: "loud",
    });
    expect([piped.code, piped.out]).toEqual([0, "LOUD"]);
    expect(await kubectl("exec deployment/web --", "sh", "-c", "echo $MODE")).toMatch(
      /^(?:fast)?\n$/,
    );
    expect(await refused("exec nobody --", "ls")).toBe(
      'Error from server (NotFound): pods "nobody" not found\n',
    );
  });

  it("cp: files into a container and out of it, where they seem to lie", async () => {
    const file = await terminal.write("note.txt", "hello");
    await kubectl(`cp ${file} talker:/tmp/note.txt`);
    expect(await kubectl("exec talker --", "cat", "/tmp/note.txt")).toBe("hello");
    await kubectl(`cp talker:/tmp/note.txt ${file}.back`);
    expect(await readFile(`${file}.back`, "utf8")).toBe("hello");
  });

  it("debug: a container that looks at a running pod", async () => {
    if (terminal.minor < 25) return; // the API of older clients has gone
    const look = ["--", "sh", "-c", "echo looking; sleep 60"];
    await kubectl("debug talker -c look --image=busybox --attach=false", ...look);
    await vi.waitFor(async () => expect(await kubectl("logs talker -c look")).toBe("looking\n"));
    const described = await kubectl("describe pod talker");
    expect(described).toMatch(/\nEphemeral Containers:\n {2}look:\n/);
    const started = "--field-selector reason=Started,involvedObject.name=talker";
    const about = "-o jsonpath={.items[*].involvedObject.fieldPath}"; // describe shows it only from 1.33 on
    expect(await kubectl(`get events ${started} ${about}`)).toContain(
      "spec.ephemeralContainers{look}",
    );
    expect(await kubectl("exec talker -c look --", "echo", "here")).toBe("here\n");
    const [row] = (await table("get pod talker")).rows;
    expect(row).toMatchObject({ READY: "1/1", RESTARTS: "0" });
  });

  it("attach: what the main process reads and writes", async () => {
    const echo = "process.stdin.on('data', (text) => console.log('got ' + text))";
    const program = ["--", "node", "-e", echo];
    const what = "run parrot --image=node:24 --restart=Never --rm --stdin";
    const { code, out } = await terminal.run([...words(what), ...program], { input: "hello\n" });
    expect([code, out]).toEqual([0, expect.stringContaining("got hello\n")]);
  });

  it("port-forward: a port of this machine leads into the pod", async () => {
    const serve =
      "require('http').createServer((q,r)=>r.end('served')).listen(8080,process.env.HOST,()=>console.log('listening'))";
    await kubectl("run server --image=node:24 --", "node", "-e", serve);
    await kubectl("wait --for=condition=Ready pod/server --timeout=20s");
    await vi.waitFor(async () => expect(await kubectl("logs server")).toBe("listening\n"), PATIENT);
    const forwarding = terminal.start(["port-forward", "pod/server", ":8080"]);
    const port = Number(
      /127\.0\.0\.1:(\d+)/.exec(await forwarding.until(/127\.0\.0\.1:\d+ -> 8080/))?.[1],
    );
    const answer = async () => (await fetch(`http://127.0.0.1:${port}/`)).text();
    await vi.waitFor(async () => expect(await answer()).toBe("served"), PATIENT);
    await forwarding.stop();
    await expect(
      new Promise((_, reject) => connect(port, "127.0.0.1").on("error", reject)),
    ).rejects.toThrow("ECONNREFUSED");
  });
});

describe("delete", () => {
  const DEAF = "process.on('SIGTERM',()=>{});setInterval(()=>{},1000)";
  const run = async (name: string, program = PROGRAM, label = "by=nobody") => {
    await kubectl(`run ${name} --image=node:24 -l ${label} --`, "node", "-e", program);
    await kubectl(`wait --for=condition=Ready pod/${name} --timeout=20s`);
  };
  const gone = (name: string) => refused(`get pod ${name}`);

  it("waits until the pod has gone, unless it is told not to", async () => {
    await run("waited");
    expect(await kubectl("delete pod waited")).toMatch(deleted('pod "waited"'));
    await gone("waited");
    await run("left", DEAF);
    expect(await kubectl("delete pod left --wait=false --grace-period=3")).toMatch(
      deleted('pod "left"'),
    );
    const [row] = (await table("get pod left")).rows;
    expect(row).toMatchObject({ READY: "1/1", STATUS: "Terminating" });
    expect(await kubectl("wait --for=delete pod/left --timeout=20s")).toMatch(
      /^(?:pod\/left condition met\n)?$/,
    );
    await gone("left");
  });

  it("honours a grace period, and now", async () => {
    await run("graced", DEAF);
    const startedAtMs = performance.now();
    await kubectl("delete pod graced --grace-period=2");
    expect(performance.now() - startedAtMs).toBeGreaterThan(1_900);
    await run("hurried", DEAF);
    expect(await kubectl("delete pod hurried --now")).toMatch(deleted('pod "hurried"'));
  });

  it("by force, with a warning", async () => {
    await run("forced", DEAF);
    const { out, err } = await terminal.run([
      "delete",
      "pod",
      "forced",
      "--force",
      "--grace-period=0",
    ]);
    expect(out).toMatch(/^pod "forced" force deleted(?: from default namespace)?\n$/);
    expect(err).toMatch(
      /^[Ww]arning: Immediate deletion does not wait for confirmation that the running resource has been terminated\./,
    );
    await gone("forced");
  });

  it("by label, by file, and what may be gone", async () => {
    await run("first", PROGRAM, "batch=x");
    await run("second", PROGRAM, "batch=x");
    const lines = (await kubectl("delete pod -l batch=x")).split("\n").toSorted();
    expect(lines).toEqual([
      "",
      expect.stringMatching(/^pod "first" deleted/),
      expect.stringMatching(/^pod "second" deleted/),
    ]);
    expect(await refused("delete pod first")).toBe(
      'Error from server (NotFound): pods "first" not found\n',
    );
    expect(await kubectl("delete pod first --ignore-not-found")).toBe("");
  });

  it("leaves dependents alone when it is asked to", async () => {
    await kubectl("create deployment orphaned --image=node:24 --replicas=0");
    await vi.waitFor(
      async () => expect(await kubectl("get rs -l app=orphaned -o name")).toContain("orphaned"),
      PATIENT,
    );
    expect(await kubectl("delete deployment orphaned --cascade=orphan")).toMatch(
      deleted('deployment.apps "orphaned"'),
    );
    expect(await kubectl("get rs -l app=orphaned -o name")).toContain("orphaned");
    await kubectl("delete rs -l app=orphaned");
  });

  it("a namespace with what is in it", async () => {
    await kubectl("create configmap inside -n team");
    expect(await kubectl("delete namespace team")).toBe('namespace "team" deleted\n');
    expect(await refused("get namespace team")).toContain('namespaces "team" not found');
  });
});

describe("nodes", () => {
  it("cordon, uncordon and taint", async () => {
    expect(await kubectl("cordon node-1")).toBe("node/node-1 cordoned\n");
    expect(await kubectl("cordon node-1")).toBe("node/node-1 already cordoned\n");
    expect((await table("get node node-1")).rows[0]?.["STATUS"]).toBe("Ready,SchedulingDisabled");
    expect(await field("node/node-1", ".spec.taints[0].key")).toBe(
      "node.kubernetes.io/unschedulable",
    );
    expect(await kubectl("uncordon node-1")).toBe("node/node-1 uncordoned\n");
    expect(await kubectl("taint node node-1 only=cats:NoSchedule")).toBe("node/node-1 tainted\n");
    expect(await kubectl("describe node node-1")).toMatch(/^Taints: +only=cats:NoSchedule$/m);
    expect(await refused("taint node node-1 only=cats:NoSchedule")).toContain("already has ");
    expect(await kubectl("taint node node-1 only-")).toBe("node/node-1 untainted\n");
  });

  it("drain evicts what a controller replaces, and refuses what nobody would", async () => {
    await kubectl("scale deployment web --replicas=3");
    await rolledOut("deployment/web");
    const node = await field("pod/talker", ".spec.nodeName");
    expect(await refused(`drain ${node}`)).toMatch(
      /cannot delete Pods (?:that declare no controller|declare no controller|not managed by Replica).*default\/talker/,
    );
    const drained = await kubectl(`drain ${node} --force --ignore-daemonsets --timeout=60s`);
    expect(drained).toMatch(/^node\/node-\d already cordoned\n/);
    expect(drained).toMatch(/^evicting pod default\/talker$/m);
    expect(drained).toMatch(/^pod\/talker evicted$/m);
    expect(drained).toMatch(/\nnode\/node-\d (?:drained|evicted)\n$/);
    const left = await kubectl(`get pods --field-selector=spec.nodeName=${node} -o name`);
    expect(left).toBe("");
    await kubectl(`uncordon ${node}`);
  });

  it("drain waits for what a disruption budget keeps", async () => {
    await rolledOut("deployment/web");
    await kubectl("scale deployment web --replicas=1");
    await kubectl("wait --for=condition=Available deployment/web --timeout=20s");
    await vi.waitFor(
      async () => expect(await field("pdb/web", ".status.disruptionsAllowed")).toBe("0"),
      PATIENT,
    );
    await vi.waitFor(
      async () => expect(await kubectl("get pods -l app=web -o name")).toMatch(/^pod\/\S+\n$/),
      20_000,
    );
    const node = await field("pods", '.items[?(@.metadata.labels.app=="web")].spec.nodeName');
    const draining = terminal.start(["drain", node, "--force", "--timeout=60s"]);
    await draining.until(
      /error when evicting (?:pods\/"|pod ")\S+" .*will retry after 5s.*Cannot evict pod as it would violate the pod's disruption budget\./,
    );
    await kubectl("scale deployment web --replicas=2");
    await draining.until(/node-\d (?:drained|evicted)/);
    await kubectl(`uncordon ${node}`);
  }, 90_000);
});

describe("events", () => {
  it("are a table of their own", async () => {
    const { titles, rows } = await table("get events");
    expect(titles).toEqual(["LAST SEEN", "TYPE", "REASON", "OBJECT", "MESSAGE"]);
    const row = (type: string, reason: string, object: RegExp, message: RegExp) =>
      expect.objectContaining({
        ...{ TYPE: type, REASON: reason },
        ...{ OBJECT: expect.stringMatching(object), MESSAGE: expect.stringMatching(message) },
      });
    expect(rows).toContainEqual(
      row("Normal", "Killing", /^pod\/waited$/, /^Stopping container waited$/),
    );
    expect(rows).toContainEqual(
      row(
        "Warning",
        "BackOff",
        /^pod\/crasher$/,
        /^Back-off restarting failed container crasher in pod crasher_default/,
      ),
    );
    expect(rows).toContainEqual(
      row("Normal", "NodeNotSchedulable", /^node\/node-1$/, /status is now: NodeNotSchedulable$/),
    );
    const last = await kubectl(
      "get events --sort-by=.lastTimestamp --field-selector=involvedObject.name=crasher -o name",
    );
    expect(last).toMatch(/^event\/crasher\./);
  });

  it("are also told by a command of newer clients", async () => {
    if (terminal.minor < 26) return expect(await refused("events")).toContain("unknown command");
    const { titles } = await table("events --for pod/crasher");
    expect(titles).toEqual(["LAST SEEN", "TYPE", "REASON", "OBJECT", "MESSAGE"]);
  });
});
