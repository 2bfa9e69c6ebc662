import type { Container, Pod, Probe } from "#embedded/api/objects.ts";
import { type EventRecorder, podSubject } from "#embedded/kubelet/events.ts";
import { longRunningContainers } from "#embedded/kubelet/restart-policy.ts";
import type { Result } from "./probe-count.ts";
import type { ProbeOutcome } from "./probe-outcome.ts";
import { type ProbeTarget, type ProbeType, ProbeWorker } from "./probe-worker.ts";
import { runProbe } from "./prober.ts";

export interface PodProbesOptions {
  readonly pod: Pod;
  readonly events: EventRecorder;
  podIP(): string;
  /** The container as it is known to run, or undefined. */
  target(container: Container): ProbeTarget | undefined;
  onVerdict(instanceId: string, type: ProbeType, result: Result): void;
}

/** All probes of one pod, from its first sync until nothing of it runs any more. */
export class PodProbes {
  readonly #options: PodProbesOptions;
  readonly #workers: readonly {
    readonly type: ProbeType;
    readonly container: Container;
    readonly worker: ProbeWorker;
  }[];

  constructor(options: PodProbesOptions) {
    this.#options = options;
    this.#workers = longRunningContainers(options.pod).flatMap((container) =>
      probesOf(container).map(({ type, probe }) => {
        return { type, container, worker: this.#startWorker(type, container, probe) };
      }),
    );
  }

  /** Readiness is asked for at once, out of its period. */
  triggerReadiness(container: string): void {
    for (const { type, container: of, worker } of this.#workers) {
      if (type === "readiness" && of.name === container) worker.trigger();
    }
  }

  /**
   * What a terminating pod no longer needs. Sidecars keep theirs, as in Kubernetes 1.36: their failures
   * are told and have no effect.
   */
  stopLivenessAndStartup(): void {
    const { containers } = this.#options.pod.spec;
    for (const { type, container, worker } of this.#workers) {
      if (type !== "readiness" && containers.includes(container)) worker.stop();
    }
  }

  stop(): void {
    for (const { worker } of this.#workers) worker.stop();
  }

  #startWorker(type: ProbeType, container: Container, probe: Probe): ProbeWorker {
    const { target, podIP, onVerdict } = this.#options;
    return new ProbeWorker({
      type,
      container,
      probe,
      target: () => target(container),
      run: ({ running }, signal) => runProbe(probe, { container: running, podIP: podIP() }, signal),
      onOutcome: (outcome) => this.#tell(type, container, outcome),
      onVerdict: (instanceId, result) => onVerdict(instanceId, type, result),
    });
  }

  #tell(type: ProbeType, container: Container, outcome: ProbeOutcome): void {
    const name = `${type.charAt(0).toUpperCase()}${type.slice(1)} probe`;
    const text = describeOutcome(name, outcome);
    if (text === undefined) return;
    const { events, pod } = this.#options;
    events.record(podSubject(pod, container.name), { type: "Warning", ...text });
  }
}

function describeOutcome(name: string, outcome: ProbeOutcome) {
  switch (outcome.type) {
    case "success":
      return undefined;
    case "warning":
      return { reason: "ProbeWarning", message: `${name} warning: ${outcome.message}` };
    case "failure":
      return { reason: "Unhealthy", message: `${name} failed: ${outcome.message}` };
    case "error": {
      const message = `${name} errored and resulted in unknown state: ${outcome.message}`;
      return { reason: "Unhealthy", message };
    }
  }
}

function probesOf(container: Container): readonly { type: ProbeType; probe: Probe }[] {
  const { startupProbe, readinessProbe, livenessProbe } = container;
  return [
    ...(startupProbe ? [{ type: "startup", probe: startupProbe } as const] : []),
    ...(readinessProbe ? [{ type: "readiness", probe: readinessProbe } as const] : []),
    ...(livenessProbe ? [{ type: "liveness", probe: livenessProbe } as const] : []),
  ];
}
