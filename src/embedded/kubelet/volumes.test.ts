import { existsSync, readdirSync, statSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { Container, KubeObject, Pod, PodSpec } from "#embedded/api/objects.ts";
import { CONFIG_MAPS } from "#embedded/api/resources.ts";
import { shell, startTestNode, type TestNode } from "./testing/test-node.ts";

/** Whether this machine lets us mount: only root can, and not in every sandbox. */
const canMount = process.geteuid?.() === 0;

describe("the volumes of a pod", () => {
  let here: TestNode;

  beforeAll(async () => {
    const tokens = { issueToken: () => "t0ken" };
    here = await startTestNode({ timing: { relistMs: 5, volumeRefreshMs: 50 }, ...tokens });
  });

  afterAll(() => here.stop());

  const config = (name: string, data: Record<string, string>) =>
    here.api.create<KubeObject>(CONFIG_MAPS, {
      apiVersion: "v1",
      kind: "ConfigMap",
      metadata: { name, namespace: "test" },
      data,
    });

  /** What a container that ends has said. */
  async function said(name: string, rest: Partial<PodSpec>, script: string, own = {}) {
    const container = shell(`{ ${script}; } > /dev/termination-log 2>&1`, own);
    await here.api.createPod(name, { ...rest, restartPolicy: "Never", containers: [container] });
    const pod = await here.api.untilPod(name, (pod) => pod?.status.phase === "Succeeded");
    return pod?.status.containerStatuses?.[0]?.state.terminated?.message?.trim();
  }

  const at = (mountPath: string, rest: Partial<Mount> = {}): Partial<Container> => ({
    volumeMounts: [{ name: "v", mountPath, ...rest }],
  });
  type Mount = NonNullable<Container["volumeMounts"]>[number];

  it.runIf(canMount)(
    "are seen where they are mounted, also by paths that nobody was told",
    async () => {
      await config("seen", { colour: "green" });
      const volumes = [{ name: "v", configMap: { name: "seen" } }];
      // The shell puts the path together, so nobody could have rewritten it.
      const script = 'd=/no-such; cat "$d-directory/colour" "/etc/n""ested/deep/colour"';
      const volumeMounts = [
        { name: "v", mountPath: "/no-such-directory" },
        { name: "v", mountPath: "/etc/nested/deep" },
      ];
      expect(await said("seen", { volumes }, script, { volumeMounts })).toBe("greengreen");
      expect([existsSync("/no-such-directory"), existsSync("/etc/nested")]).toEqual([false, false]);
    },
  );

  it.runIf(canMount)("cannot be written to where they are mounted for reading", async () => {
    const volumes = [{ name: "v", emptyDir: {} }];
    const script = "touch /locked/a; echo $?";
    const message = await said("locked", { volumes }, script, at("/locked", { readOnly: true }));
    expect(message).toContain("Read-only file system");
  });

  it.runIf(canMount)("are all that a container with a read-only root can write to", async () => {
    const volumes = [{ name: "v", emptyDir: {} }];
    const own = { ...at("/open"), securityContext: { readOnlyRootFilesystem: true } };
    const script = "touch /open/a && echo open; touch /etc/a 2>/dev/null || echo shut";
    expect(await said("rooted", { volumes }, script, own)).toBe("open\nshut");
  });

  it.runIf(canMount)("belong to the pod's group, whoever the container runs as", async () => {
    const volumes = [{ name: "v", emptyDir: {} }];
    const securityContext = { runAsUser: 1234, fsGroup: 77 };
    const script = "touch /mine/a; stat -c '%u %g' /mine/a; id -u";
    const message = await said("grouped", { volumes, securityContext }, script, at("/mine"));
    expect(message).toBe("1234 77\n1234");
  });

  it("show a change of what they come from, all of it at once", async () => {
    await config("moving", { a: "1", b: "1" });
    const volumes = [{ name: "v", configMap: { name: "moving" } }];
    await here.api.createPod("moving", { volumes, containers: [shell("sleep 60", at("/m"))] });
    const uid = (await here.api.untilPod("moving", isRunning))?.metadata.uid ?? "";
    const place = join(here.directory, "pods", uid, "volumes", "v");
    const found = await here.api.get<KubeObject>(CONFIG_MAPS, "moving", "test");
    const before = statSync(join(place, "..data")).ino;
    if (found) await here.api.update(CONFIG_MAPS, { ...found, data: { a: "2", c: "2" } });
    const names = () => readdirSync(place).filter((name) => !name.startsWith(".."));
    await expect.poll(names).toEqual(["a", "c"]);
    expect(statSync(join(place, "..data")).ino).not.toBe(before);
    // Without the link nobody who reads two files would be sure to see one state.
    expect(readdirSync(join(place, "..data"))).toEqual(["a", "c"]);
  });

  it("hold the token by which the pod speaks for its service account", async () => {
    const sources = [{ serviceAccountToken: { path: "token" } }];
    const volumes = [{ name: "v", projected: { sources } }];
    expect(await said("speaking", { volumes }, "cat /s/token", at("/s"))).toBe("t0ken");
  });

  it("give a container a part, whose name may come from a variable", async () => {
    const volumes = [{ name: "v", emptyDir: {} }];
    const part = at("/part", { subPathExpr: "$(NAME)/x" });
    const own = { ...part, env: [{ name: "NAME", value: "sub" }] };
    await said("partial", { volumes }, "touch /part/made", own);
    const pods = readdirSync(join(here.directory, "pods"));
    const made = pods.map((uid) => join(here.directory, "pods", uid, "volumes/v/sub/x/made"));
    expect(made.some((path) => existsSync(path))).toBe(true);
  });

  it("give no part outside of them", async () => {
    const volumes = [{ name: "v", emptyDir: {} }];
    const own = {
      ...at("/part", { subPathExpr: "$(NAME)" }),
      env: [{ name: "NAME", value: "/etc" }],
    };
    await here.api.createPod("outside", { volumes, containers: [shell("true", own)] });
    const reason = "CreateContainerConfigError";
    const waitingOf = (pod: Pod | undefined) => pod?.status.containerStatuses?.[0]?.state.waiting;
    const pod = await here.api.untilPod("outside", (now) => waitingOf(now)?.reason === reason);
    const waiting = waitingOf(pod);
    expect(waiting?.message).toContain("must not be an absolute path");
  });
});

function isRunning(pod: Pod | undefined): boolean {
  return pod?.status.phase === "Running";
}
