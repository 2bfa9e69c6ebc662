import { randomBytes } from "node:crypto";
import { join } from "node:path";
import type { Container, Pod } from "#embedded/api/objects.ts";
import { type ContainerFiles, containerFiles } from "./container-files.ts";
import { containerUser, whyRootIsRefused } from "./container-user.ts";
import type { PodFacts } from "./downward-api.ts";
import { baseEnvironment, ConfigError, declaredEnvironment } from "./environment.ts";
import { type EventText, podSubject } from "./events.ts";
import { expandVariables } from "./expand-variables.ts";
import { describeHookFailure } from "./hooks/describe-hook-failure.ts";
import { runHook } from "./hooks/run-hook.ts";
import { commandLine, type LocalImage } from "./images.ts";
import { toLocalPaths } from "./local-paths.ts";
import type { NodeContext } from "./node-context.ts";
import type { PodContainers } from "./pod-containers.ts";
import { podEtc } from "./pod-etc.ts";
import { pullImage } from "./pull-image.ts";
import { localCommand, type RunningContainer } from "./running-container.ts";
import {
  type ProcessExit,
  type ProcessSpec,
  type ProcessUser,
  StartError,
} from "./runtime/container-runtime.ts";
import { StartRefusal } from "./start-refusal.ts";
import type { ContainerInstance } from "./status/pod-view.ts";
import { terminateContainer } from "./terminate-container.ts";
import { terminationMessage } from "./termination-message.ts";
import { MemoryHold } from "./usage/memory-hold.ts";
import { mountsOf } from "./volume-mounts.ts";

export interface StartInput {
  readonly node: NodeContext;
  readonly pod: Pod;
  readonly container: Container;
  readonly facts: PodFacts;
  /** Undefined where all pods share the network of this machine. */
  readonly networkNamespace: string | undefined;
  /** Where the pod's volumes lie. */
  readonly places: ReadonlyMap<string, string>;
  readonly podDirectory: string;
  readonly containers: PodContainers;
  readonly lifetime: AbortSignal;
}

/**
 * Image, configuration, process, postStart hook: the steps of a kubelet with their events. Returns when
 * the hook has; throws a StartRefusal at the step that fails.
 */
export async function startContainer(input: StartInput): Promise<void> {
  const { node, pod, container } = input;
  const record = (text: EventText) => node.events.record(podSubject(pod, container.name), text);
  const refuse = (reason: string, message: string, retryAfterMs?: number): never => {
    record({ type: "Warning", reason: "Failed", message: `Error: ${message}` });
    throw new StartRefusal(reason, message, retryAfterMs);
  };
  const image = pullImage(input, record);
  const start = await prepare(input, image).catch((error: unknown) => {
    if (!(error instanceof ConfigError)) throw error;
    return refuse("CreateContainerConfigError", error.message);
  });
  if (start.command.length === 0) {
    refuse("CreateContainerError", "no command specified");
  }
  record({ type: "Normal", reason: "Created", message: "Container created" });
  const running = await launch(input, image, start).catch((error: unknown) => {
    if (!(error instanceof StartError)) throw error;
    return refuse("RunContainerError", startErrorWords(error), 0);
  });
  record({ type: "Normal", reason: "Started", message: "Container started" });
  await postStart(input, running, record);
}

/** All that a container is started with, in the terms of the container. */
interface Preparation extends ContainerFiles {
  readonly restartCount: number;
  readonly command: readonly string[];
  readonly env: Readonly<Record<string, string>>;
  readonly workingDirectory: string;
  readonly user: ProcessUser | undefined;
}

async function prepare(input: StartInput, image: LocalImage): Promise<Preparation> {
  const { node, pod, container, facts, places, containers, podDirectory } = input;
  const { podIP } = facts;
  const restartCount = containers.nextRestartCount(container.name);
  const directory = join(podDirectory, "containers", container.name, String(restartCount));
  const declared = await declaredEnvironment({ pod, container, facts, client: node.client });
  const refusal = whyRootIsRefused(pod, container);
  if (refusal !== undefined) throw new ConfigError(refusal);
  const files = containerFiles({
    ...{ container, image, directory },
    volumes: [
      ...(node.runtime.ownFiles
        ? podEtc(pod, { directory: podDirectory, podIP, dns: node.dns })
        : []),
      ...mountsOf(container, places, declared),
    ],
    ownFiles: node.runtime.ownFiles,
  });
  const local = Object.entries(declared).map(([name, value]) => [
    name,
    toLocalPaths(value, files.mounts),
  ]);
  return {
    ...{ ...files, restartCount, user: containerUser(pod, container) },
    command: commandLine(container, image).map((part) => expandVariables(part, declared)),
    env: { ...baseEnvironment(pod, facts, { ...files, ...image }), ...Object.fromEntries(local) },
    workingDirectory: container.workingDir
      ? toLocalPaths(container.workingDir, files.mounts)
      : image.directory,
  };
}

/** Starts the process; a program that cannot be started leaves an instance that has failed with 128. */
async function launch(
  { node, container, containers, networkNamespace }: StartInput,
  image: LocalImage,
  start: Preparation,
): Promise<RunningContainer> {
  const { restartCount, workingDirectory, env, mounts, ownMounts, fileTree, messageFile } = start;
  const id = `process://${randomBytes(32).toString("hex")}`;
  const identity = { id, name: container.name, restartCount, imageID: image.imageID };
  const { image: reference, resources = {} } = container;
  const base = { ...identity, image: reference, resources, ...describeUser(start.user) };
  const log = containers.openLog(container.name, restartCount);
  const startedAtMs = Date.now();
  try {
    const stdin = container["stdin"] === true;
    const command = localCommand(start.command, { ...start, networkNamespace });
    const spec: ProcessSpec = { ...command, stdin };
    const process = await node.runtime.start(spec, (stream, chunk) => log.write(stream, chunk));
    const place = {
      workingDirectory,
      env,
      mounts,
      ownMounts,
      fileTree,
      networkNamespace,
      user: start.user,
    };
    const memory = new MemoryHold(node.memory, process);
    const running = { id, spec: container, process, memory, ...place };
    const instance: ContainerInstance = { ...base, state: { type: "running", startedAtMs } };
    containers.add(instance, log, running);
    memory.limit(container);
    void process.exited.then((exit) => {
      memory.stop();
      // A last line without an end is written only now, and may be the message.
      log.close();
      const message = terminationMessage(container, exit, messageFile, log);
      const state = exitedState(exit, startedAtMs, message);
      containers.end({
        ...base,
        state: memory.wasExceeded ? { ...state, reason: "OOMKilled" } : state,
      });
    });
    return running;
  } catch (error) {
    log.close();
    if (error instanceof StartError) {
      const message = startErrorWords(error);
      const ended = { exitCode: 128, reason: "StartError", message, startedAtMs: 0 };
      containers.add(
        { ...base, state: { type: "exited", finishedAtMs: Date.now(), ...ended } },
        log,
      );
    }
    throw error;
  }
}

/** Each layer of a real node, from containerd down to the kernel, puts its own words before the cause. */
function startErrorWords({ message }: StartError): string {
  const layers = ["failed to create containerd task", "failed to create shim task"];
  const runc = "OCI runtime create failed: runc create failed: unable to start container process";
  return [...layers, runc, message].join(": ");
}

function describeUser(user: ProcessUser | undefined): Pick<ContainerInstance, "user"> {
  if (user !== undefined) {
    const { uid, gid, groups } = user;
    return { user: { uid, gid, supplementalGroups: [...new Set([gid, ...groups])] } };
  }
  const { getuid, getgid, getgroups } = process;
  if (!getuid || !getgid || !getgroups) return {};
  return { user: { uid: getuid(), gid: getgid(), supplementalGroups: getgroups() } };
}

type ExitedState = Extract<ContainerInstance["state"], { readonly type: "exited" }>;

function exitedState(
  { exitCode, atMs }: ProcessExit,
  startedAtMs: number,
  message: string,
): ExitedState {
  const reason = exitCode === 0 ? "Completed" : "Error";
  const described = message === "" ? {} : { message };
  return { type: "exited", startedAtMs, finishedAtMs: atMs, exitCode, reason, ...described };
}

/** Until the hook has returned the container counts as not running; when it fails the container is killed. */
async function postStart(
  { node, pod, facts, container, lifetime }: StartInput,
  running: RunningContainer,
  record: (text: EventText) => void,
): Promise<void> {
  const handler = container.lifecycle?.postStart;
  if (handler === undefined) return;
  const { podIP } = facts;
  try {
    await runHook(handler, { container: running, podIP, onHttpFallback: () => {} }, lifetime);
  } catch (error) {
    if (lifetime.aborted) return;
    const reason = "FailedPostStartHook";
    record({ type: "Warning", reason, message: "PostStartHook failed" });
    const graceSeconds = pod.spec.terminationGracePeriodSeconds ?? 30;
    const { events } = node;
    const kill = { pod, podIP, container: running, message: reason, graceSeconds };
    await terminateContainer({ ...kill, events, lifetime });
    const message = describeHookFailure(handler, { pod, container, podIP }, error);
    throw new StartRefusal("PostStartHookError", message, 0);
  }
}
