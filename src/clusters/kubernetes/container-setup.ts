import type { ContainerSetup, PreStopHook } from "#domain/observation.ts";
import type { ApiContainer } from "./api-objects.ts";

/** What a container's spec says about its start and its end; its arguments stay out, they may hold secrets. */
export function containerSetup(container: ApiContainer): ContainerSetup {
  const { restartPolicy, readinessProbe, resources } = container;
  const program = container.command?.[0]?.split("/").at(-1);
  const shell = shellInFront([...(container.command ?? []), ...(container.args ?? [])]);
  const preStop = preStopHook(container);
  const memoryLimit = resources?.limits?.["memory"];
  return {
    sidecar: restartPolicy === "Always",
    ...(program !== undefined && { program }),
    ...(container.command !== undefined && shell !== undefined && { shell }),
    ...(preStop !== undefined && { preStop }),
    ...(readinessProbe !== undefined && {
      readinessProbe: {
        // Kubernetes' defaults; a served pod names its own.
        periodSeconds: readinessProbe.periodSeconds ?? 10,
        failureThreshold: readinessProbe.failureThreshold ?? 3,
      },
    }),
    ...(memoryLimit !== undefined && { memoryLimit }),
  };
}

/** The hook that a container runs before SIGTERM; undefined when it has none. */
export function preStopHook({ lifecycle }: ApiContainer): PreStopHook | undefined {
  const { sleep, exec, httpGet } = lifecycle?.preStop ?? {};
  if (sleep !== undefined) return { type: "sleep", seconds: sleep.seconds };
  if (exec !== undefined) {
    const seconds = secondsOfSleepCommand(exec.command ?? []);
    return seconds === undefined ? { type: "exec" } : { type: "sleep", seconds, command: true };
  }
  return httpGet === undefined ? undefined : { type: "http-get" };
}

/** `sleep 5`, alone or as all that a shell is asked to do: the usual hook where `sleep:` is too new. */
function secondsOfSleepCommand(command: readonly string[]): number | undefined {
  const shell = command.length === 3 && command[1] === "-c" ? command[2] : undefined;
  const seconds = /^(?:\/(?:usr\/)?bin\/)?sleep (\d+(?:\.\d+)?)s?$/.exec(
    (shell ?? command.join(" ")).trim(),
  )?.[1];
  return seconds === undefined ? undefined : Number(seconds);
}

const SHELL = /^(?:.*\/)?(?<name>sh|ash|bash|dash|zsh|ksh|busybox)$/;

/**
 * The shell that stays PID 1 and does not pass signals on. With `exec` the program takes its place; with a
 * `trap` somebody has thought of signals.
 */
function shellInFront([program = "", ...rest]: readonly string[]): string | undefined {
  const name = SHELL.exec(program)?.groups?.["name"];
  const script = rest.find((_, index) => /^-[a-z]*c$/.test(rest[index - 1] ?? ""));
  if (name === undefined || script === undefined) return undefined;
  return /\b(?:exec|trap)\b/.test(script) ? undefined : name;
}
