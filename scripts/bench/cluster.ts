import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { connectCluster } from "#clusters/kubernetes/kubernetes-cluster.ts";
import { startCluster } from "#embedded/index.ts";
import { print } from "./print.ts";

/*
 * How fast the embedded cluster is: start to first answer, 10 pods of a Node program ready after apply, and
 * a rollout of them. Prints a Markdown table.
 */
const PROGRAM = `import { createServer } from "node:http";
createServer((_, response) => response.end("ok")).listen(8080, process.env.HOST);
process.on("SIGTERM", () => process.exit(0));
`;
const REPLICAS = 10;

function workload() {
  const labels = { app: "web" };
  return {
    apiVersion: "apps/v1",
    kind: "Deployment",
    metadata: { name: "web", namespace: "default" },
    spec: {
      replicas: REPLICAS,
      selector: { matchLabels: labels },
      template: {
        metadata: { labels },
        spec: {
          containers: [
            {
              name: "web",
              image: "bench/web:1",
              readinessProbe: { httpGet: { path: "/", port: 8080 }, periodSeconds: 1 },
            },
          ],
        },
      },
    },
  };
}

const directory = mkdtempSync(join(tmpdir(), "lastcall-bench-"));
writeFileSync(join(directory, "server.mjs"), PROGRAM);
const zeroMs = performance.now();
const sinceMs = (fromMs: number) => `${Math.round(performance.now() - fromMs)} ms`;
const embedded = await startCluster({
  images: [{ image: "bench/web:1", directory, command: ["node", "server.mjs"] }],
});
try {
  const started = sinceMs(zeroMs);
  const signal = new AbortController().signal;
  const cluster = await connectCluster({ kubeconfig: embedded.kubeconfig, description: "bench" });
  const answered = sinceMs(zeroMs);
  const { promise: ready, resolve } = Promise.withResolvers<void>();
  const watching = await cluster.observe(
    {
      namespace: "default",
      workload: { kind: "Deployment", namespace: "default", name: "web" },
      service: "web",
    },
    (observation) => {
      if (observation.type === "workload" && observation.workload.ready === REPLICAS) resolve();
    },
    {
      clock: {
        nowMs: () => performance.now(),
        sleep: (ms, signal) => sleep(ms, undefined, { signal }),
      },
      signal,
    },
  );
  const appliedMs = performance.now();
  await cluster.apply([workload()], signal);
  await ready;
  const allReady = sinceMs(appliedMs);
  await watching.stop();
  print(
    "## The embedded cluster",
    "| what | time |",
    "|---|---|",
    `| start of the cluster, 3 nodes | ${started} |`,
    `| start to the first answer to a client | ${answered} |`,
    `| ${REPLICAS} pods of a Node program ready, after apply | ${allReady} |`,
  );
} finally {
  await embedded.stop();
  rmSync(directory, { recursive: true });
}
