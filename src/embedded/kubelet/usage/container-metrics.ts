import type { PodWorker } from "#embedded/kubelet/pod-worker.ts";
import { type ContainerUsage, readUsage } from "./container-usage.ts";

/** A metric of cAdvisor under the name and the help text that a real kubelet gives it. */
interface ContainerMetric {
  readonly name: string;
  readonly help: string;
  readonly count: (usage: ContainerUsage) => number;
}

const METRICS: readonly ContainerMetric[] = [
  {
    name: "container_file_descriptors",
    help: "Number of open file descriptors for the container.",
    count: ({ descriptors }) => descriptors,
  },
  {
    name: "container_processes",
    help: "Number of processes running inside the container.",
    count: ({ processes }) => processes,
  },
  {
    name: "container_sockets",
    help: "Number of open sockets for the container.",
    count: ({ sockets }) => sockets,
  },
];

/**
 * The part of a kubelet's `/metrics/cadvisor` that tells what containers hold open. A real kubelet counts
 * every ten seconds or so and gives the time; this one counts when it is asked.
 */
export function containerMetrics(workers: readonly PodWorker[], nowMs: number): string {
  const counted = workers.flatMap((worker) =>
    worker.containers.allRunning().flatMap((container) => {
      const { pid } = container.process;
      const usage = pid === undefined ? undefined : readUsage(pid);
      if (usage === undefined) return [];
      const { name, namespace = "default" } = worker.pod.metadata;
      const labels = `container="${container.spec.name}",namespace="${namespace}",pod="${name}"`;
      return [{ labels, usage }];
    }),
  );
  const lines = METRICS.flatMap(({ name, help, count }) => [
    `# HELP ${name} ${help}`,
    `# TYPE ${name} gauge`,
    ...counted.map(({ labels, usage }) => `${name}{${labels}} ${count(usage)} ${nowMs}`),
  ]);
  return `${lines.join("\n")}\n`;
}
