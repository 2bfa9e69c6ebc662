import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { ContainerState, KubeObject, Pod } from "#embedded/api/objects.ts";
import { CONFIG_MAPS, PODS, SECRETS } from "#embedded/api/resources.ts";
import {
  isReady,
  isRunning,
  node,
  SERVER,
  shell,
  startTestNode,
  type TestNode,
  trapping,
} from "./testing/test-node.ts";

describe("the sync of a pod", () => {
  let here: TestNode;
  beforeAll(async () => {
    here = await startTestNode();
  });
  afterAll(() => here.stop());

  const waiting = (pod: Pod | undefined) => pod?.status.containerStatuses?.[0]?.state.waiting;
  const lastState = (pod: Pod | undefined): ContainerState =>
    pod?.status.containerStatuses?.[0]?.lastState ?? {};
  const untilWaiting = (name: string, reason: string) =>
    here.api.untilPod(name, (pod) => waiting(pod)?.reason === reason);
  /** Runs a program to its end and gives what it printed. */
  async function output(name: string, spec: Parameters<typeof here.api.createPod>[1]) {
    const policy = { terminationMessagePolicy: "FallbackToLogsOnError" };
    const containers = spec.containers.map((container) => ({ ...container, ...policy }));
    await here.api.createPod(name, { ...spec, restartPolicy: "Never", containers });
    const pod = await here.api.untilPod(name, (pod) => pod?.status.phase === "Failed");
    return pod?.status.containerStatuses?.[0]?.state.terminated?.message?.trim().split("\n");
  }

  it.concurrent("ends a pod that takes longer than it may", async () => {
    const containers = [trapping("exit 0")];
    await here.api.createPod("late", { activeDeadlineSeconds: 1, containers });
    const pod = await here.api.untilPod("late", (pod) => pod?.status.phase === "Failed");
    expect(pod?.status).toMatchObject({
      reason: "DeadlineExceeded",
      message: "Pod was active on the node longer than the specified deadline",
    });
    const types = pod?.status.conditions?.map(({ type }) => type);
    expect(types).not.toContain("DisruptionTarget");
  });

  it.concurrent("restarts a crashing program once at once, then after a growing delay", async () => {
    await here.api.createPod("crash", { containers: [shell("exit 3")] });
    const pod = await untilWaiting("crash", "CrashLoopBackOff");
    expect(pod?.status).toMatchObject({
      phase: "Running",
      containerStatuses: [{ restartCount: 1 }],
    });
    expect(lastState(pod).terminated).toMatchObject({ exitCode: 3, reason: "Error" });
    const which = `app in pod crash_test(${pod?.metadata.uid})`;
    expect(here.api.eventsOf("crash")).toContain(
      `BackOff: Back-off restarting failed container ${which}`,
    );
    await here.api.untilPod(
      "crash",
      (pod) => pod?.status.containerStatuses?.[0]?.restartCount === 3,
    );
  });

  it.concurrent("does not restart what has succeeded under OnFailure", async () => {
    const marker = "test -e /shared/once || { touch /shared/once; exit 1; }";
    const container = shell(marker, { volumeMounts: [{ name: "shared", mountPath: "/shared" }] });
    const volumes = [{ name: "shared", emptyDir: {} }];
    await here.api.createPod("retry", {
      restartPolicy: "OnFailure",
      volumes,
      containers: [container],
    });
    const pod = await here.api.untilPod("retry", (pod) => pod?.status.phase === "Succeeded");
    expect(pod?.status.containerStatuses).toMatchObject([{ restartCount: 1 }]);
  });

  it.concurrent("says which program could not be found, as a container runtime does", async () => {
    await here.api.createPod("lost", { containers: [shell("", { command: ["nonesuch"] })] });
    const pod = await untilWaiting("lost", "CrashLoopBackOff");
    const message =
      "failed to create containerd task: failed to create shim task: OCI runtime create failed: runc create failed: " +
      'unable to start container process: exec: "nonesuch": executable file not found in $PATH';
    expect(lastState(pod).terminated).toMatchObject({
      exitCode: 128,
      reason: "StartError",
      message,
    });
    expect(here.api.eventsOf("lost")).toContain(`Failed: Error: ${message}`);
  });

  it.concurrent("fails the same way when the working directory does not exist", async () => {
    await here.api.createPod("astray", { containers: [shell("", { workingDir: "/nonesuch" })] });
    const pod = await untilWaiting("astray", "CrashLoopBackOff");
    expect(lastState(pod).terminated?.message).toContain(
      'unable to start container process: chdir to cwd ("/nonesuch") failed: no such file or directory',
    );
  });

  it.concurrent("refuses root where the pod forbids it, and looks again once its sandbox is there", async () => {
    const securityContext = { runAsNonRoot: true, runAsUser: 0 };
    await here.api.createPod("root", { containers: [shell("", { securityContext })] });
    const pod = await untilWaiting("root", "CreateContainerConfigError");
    expect(waiting(pod)?.message).toBe(
      `container's runAsUser breaks non-root policy (pod: "root_test(${pod?.metadata.uid})", container: app)`,
    );
    const tries = () => here.api.eventsOf("root").filter((text) => text.startsWith("Failed"));
    await here.api.untilPod("root", () => tries().length > 1);
  });

  it.concurrent("tells how to map an image that it does not know", async () => {
    await here.api.createPod("foreign", { containers: [{ name: "app", image: "shop:1" }] });
    const pod = await untilWaiting("foreign", "ErrImagePull");
    expect(waiting(pod)?.message).toContain('{ image: "shop:1", directory: <where it runs>');
    await untilWaiting("foreign", "ImagePullBackOff");
    expect(isRunning(pod)).toBe(false);
  });

  it.concurrent("waits for a ConfigMap that a variable needs, and starts when it is there", async () => {
    const env = [
      { name: "COLOUR", valueFrom: { configMapKeyRef: { name: "late", key: "colour" } } },
    ];
    await here.api.createPod("patient", { containers: [trapping("exit 0", { env })] });
    const pod = await untilWaiting("patient", "CreateContainerConfigError");
    expect(waiting(pod)?.message).toBe('configmap "late" not found');
    await put("configmaps", "late", { data: { colour: "green" } });
    await here.api.untilPod("patient", isReady);
  });

  it.concurrent("waits for a Secret that a volume needs", async () => {
    const volumes = [{ name: "keys", secret: { secretName: "late" } }];
    await here.api.createPod("mounting", { volumes, containers: [trapping("exit 0")] });
    const event = 'MountVolume.SetUp failed for volume "keys" : secret "late" not found';
    await here.api.untilPod("mounting", () =>
      here.api.eventsOf("mounting").includes(`FailedMount: ${event}`),
    );
    await put("secrets", "late", { data: {} });
    await here.api.untilPod("mounting", isReady);
  });

  it.concurrent("gives a program its variables, its files and nothing of the harness", async () => {
    await put("configmaps", "settings", { data: { "app.mode": "fast", "site.txt": "hello" } });
    await put("secrets", "keys", { data: { token: Buffer.from("t0ken").toString("base64") } });
    const env = [
      { name: "NAME", valueFrom: { fieldRef: { fieldPath: "metadata.name" } } },
      { name: "IP", valueFrom: { fieldRef: { fieldPath: "status.podIP" } } },
      { name: "TOKEN", valueFrom: { secretKeyRef: { name: "keys", key: "token" } } },
      { name: "URL", value: "http://$(IP):80/$(TOKEN)$$(NAME)" },
      { name: "FILE", value: "--file=/etc/site/site.txt" },
    ];
    const print = `
      const { readFileSync } = require("node:fs");
      const { NAME, URL, HOST, IP, HOSTNAME, FILE } = process.env;
      console.log([NAME, HOST === IP, HOSTNAME, URL.replace(IP, "IP"), process.env["app.mode"]].join());
      console.log(readFileSync(FILE.slice(7), "utf8"), process.argv[1]);
      console.log(Object.keys(process.env).sort().join());
      process.exit(1);`;
    const lines = await output("told", {
      volumes: [{ name: "site", configMap: { name: "settings" } }],
      containers: [
        {
          ...node(print, { env, envFrom: [{ configMapRef: { name: "settings" } }] }),
          args: ["$(NAME)"],
          volumeMounts: [{ name: "site", mountPath: "/etc/site" }],
        },
      ],
    });
    expect(lines).toEqual([
      "told,true,told,http://IP:80/t0ken$(NAME),fast",
      "hello told",
      "FILE,HOME,HOST,HOSTNAME,IP,NAME,PATH,TMPDIR,TOKEN,URL,app.mode,site.txt",
    ]);
  });

  it.concurrent("gives each start of a container an empty /tmp of its own", async () => {
    const script = "test -e /tmp/mark && exit 9; touch /tmp/mark; exit 1";
    await here.api.createPod("fresh", { containers: [shell(script)] });
    const pod = await untilWaiting("fresh", "CrashLoopBackOff");
    expect(lastState(pod).terminated?.exitCode).toBe(1);
  });

  it.concurrent("runs the image's command with the container's args, in the image's directory", async () => {
    const container = { name: "app", image: "mapped:2", args: ["pwd; exit 1"] };
    expect(await output("entry", { containers: [container] })).toEqual([here.directory]);
  });

  it.concurrent("restarts a container whose liveness probe fails, without a deletion", async () => {
    const livenessProbe = {
      exec: { command: ["test", "-e", "/tmp/ok"] },
      periodSeconds: 1,
      failureThreshold: 1,
    };
    const script =
      "touch /tmp/ok; trap 'exit 0' TERM; sleep 0.5; rm /tmp/ok; while :; do sleep 0.02; done";
    await here.api.createPod("hung", { containers: [shell(script, { livenessProbe })] });
    const pod = await here.api.untilPod(
      "hung",
      (pod) => pod?.status.containerStatuses?.[0]?.restartCount === 1,
    );
    expect(pod?.status.containerStatuses).toMatchObject([
      { state: { running: {} }, lastState: { terminated: { exitCode: 0, reason: "Completed" } } },
    ]);
    expect(here.api.eventsOf("hung")).toContain(
      "Killing: Container app failed liveness probe, will be restarted",
    );
    expect(pod?.metadata.deletionTimestamp).toBeUndefined();
  });

  it.concurrent("asks for readiness only after the startup probe has succeeded", async () => {
    const exec = { command: ["test", "-e", "/tmp/up"] };
    const startupProbe = { exec, periodSeconds: 1, failureThreshold: 10 };
    const readinessProbe = { httpGet: { port: 8080 }, periodSeconds: 1 };
    const touch = `setTimeout(() => require("node:fs").writeFileSync(process.env.TMPDIR + "/up", ""), 1500);`;
    const container = node(`${SERVER}${touch}`, { startupProbe, readinessProbe });
    await here.api.createPod("slow", { containers: [container] });
    const pod = await here.api.untilPod("slow", isReady);
    const started = here.api.history
      .filter(({ object }) => object.metadata.name === "slow")
      .map(({ object }) => (object as Pod).status.containerStatuses?.[0])
      .filter((status) => status?.state.running !== undefined)
      .map((status) => `${status?.started} ${status?.ready}`);
    expect(started).toEqual(["false false", "true false", "true true"]);
    expect(pod?.status.containerStatuses).toMatchObject([{ restartCount: 0 }]);
  });

  it.concurrent("is not ready before every readiness gate says so", async () => {
    const readinessGates = [{ conditionType: "example.com/lb" }];
    await here.api.createPod("gated", { readinessGates, containers: [trapping("exit 0")] });
    const pod = await here.api.untilPod("gated", isRunning);
    const ready = pod?.status.conditions?.find(({ type }) => type === "Ready");
    expect(ready).toMatchObject({
      status: "False",
      reason: "ReadinessGatesNotReady",
      message: 'corresponding condition of pod readiness gate "example.com/lb" does not exist.',
    });
    if (pod === undefined) throw new Error("the pod is gone");
    const gate = { type: "example.com/lb", status: "True" } as const;
    const conditions = [...(pod.status.conditions ?? []), gate];
    await here.api.update(PODS, { ...pod, status: { ...pod.status, conditions } });
    const after = await here.api.untilPod("gated", isReady);
    expect(after?.status.conditions).toContainEqual(gate);
  });

  function put(plural: "configmaps" | "secrets", name: string, content: object) {
    const resource = plural === "secrets" ? SECRETS : CONFIG_MAPS;
    const identity = { apiVersion: "v1", kind: resource.kind };
    const metadata = { name, namespace: "test" };
    return here.api.create<KubeObject>(resource, { ...identity, metadata, ...content });
  }
});
