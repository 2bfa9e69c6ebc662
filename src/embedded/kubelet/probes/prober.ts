import type { Probe } from "#embedded/api/objects.ts";
import { headersOf, portNumber, urlOf } from "#embedded/kubelet/http-get.ts";
import type { RunningContainer } from "#embedded/kubelet/running-container.ts";
import { probeExec } from "./exec-probe.ts";
import { probeGrpc } from "./grpc-probe.ts";
import { probeHttp } from "./http-probe.ts";
import type { ProbeOutcome } from "./probe-outcome.ts";
import { probeTcp } from "./tcp-probe.ts";

/** Probes name themselves to the programs they ask. */
const USER_AGENT = "kube-probe/1.36";

/** Runs one probe once, by whichever of its four ways. */
export function runProbe(
  probe: Probe,
  { container, podIP }: { readonly container: RunningContainer; readonly podIP: string },
  signal: AbortSignal,
): Promise<ProbeOutcome> {
  const timeoutMs = (probe.timeoutSeconds ?? 1) * 1000;
  const { exec, httpGet, tcpSocket, grpc } = probe;
  if (exec !== undefined) return probeExec(container, exec.command, timeoutMs, signal);
  if (httpGet !== undefined) {
    const url = urlOf(httpGet, container.spec, podIP);
    return probeHttp(url, headersOf(httpGet, USER_AGENT), timeoutMs, signal);
  }
  if (tcpSocket !== undefined) {
    const host = tcpSocket.host || podIP;
    const port = portNumber(tcpSocket.port, container.spec);
    return probeTcp({ host, port }, timeoutMs, signal);
  }
  if (grpc !== undefined) {
    const { port, service = "" } = grpc;
    return probeGrpc({ host: podIP, port }, service, timeoutMs, signal);
  }
  return Promise.resolve({ type: "error", message: "missing probe handler" });
}
