import { setTimeout as sleep } from "node:timers/promises";
import { LONGEST_TIMER_MS } from "#embedded/api/longest-timer.ts";
import type { Handler, HttpGetAction } from "#embedded/api/objects.ts";
import { headersOf, httpGet, urlOf } from "#embedded/kubelet/http-get.ts";
import { isHttpAnswerToTls } from "#embedded/kubelet/network-errors.ts";
import { runCommand } from "#embedded/kubelet/run-command.ts";
import type { RunningContainer } from "#embedded/kubelet/running-container.ts";
import { HookCommandError } from "./describe-hook-failure.ts";

/** Lifecycle hooks name themselves to the programs they call. */
const USER_AGENT = "kube-lifecycle/1.36";

export interface HookContext {
  readonly container: RunningContainer;
  readonly podIP: string;
  /** An HTTPS hook met plain HTTP and was repeated as such. */
  readonly onHttpFallback: (host: string) => void;
}

/**
 * Runs a postStart or preStop handler to its end; throws when it failed. There is no time limit of its
 * own: who does not want to wait any longer leaves it alone. `signal` is for the end of the kubelet.
 */
export async function runHook(
  handler: Handler,
  context: HookContext,
  signal: AbortSignal,
): Promise<void> {
  if (handler.exec !== undefined) {
    const { command } = handler.exec;
    const result = await runCommand(context.container, command, signal);
    if (result.exitCode !== 0) throw new HookCommandError(command, result);
  } else if (handler.httpGet !== undefined) {
    await callHook(handler.httpGet, context, signal);
  } else if (handler.sleep !== undefined) {
    const sleepMs = Math.min(handler.sleep.seconds * 1000, LONGEST_TIMER_MS);
    await sleep(sleepMs, undefined, { signal });
  } else {
    throw new Error("invalid handler");
  }
}

/** Any answer is a success, whatever its status: only the connection can fail. */
async function callHook(
  action: HttpGetAction,
  { container, podIP, onHttpFallback }: HookContext,
  signal: AbortSignal,
): Promise<void> {
  const url = urlOf(action, container.spec, podIP);
  const headers = headersOf(action, USER_AGENT);
  try {
    await httpGet(url, headers, signal);
  } catch (error) {
    if (url.protocol !== "https:" || !isHttpAnswerToTls(error)) throw error;
    const plain = new URL(url);
    plain.protocol = "http:";
    await httpGet(plain, headers, signal);
    onHttpFallback(url.host);
  }
}
