import { describeFailedGet, type HttpAnswer, httpGet, portOf } from "#embedded/kubelet/http-get.ts";
import { describeNetworkError, isHttpAnswerToTls } from "#embedded/kubelet/network-errors.ts";
import type { ProbeOutcome } from "./probe-outcome.ts";

const MAX_REDIRECTS = 10;

/** 200–399 is success. Redirects are followed on the same host; elsewhere they are a success with a warning. */
export async function probeHttp(
  url: URL,
  headers: Readonly<Record<string, string>>,
  timeoutMs: number,
  signal: AbortSignal,
): Promise<ProbeOutcome> {
  const timeout = AbortSignal.timeout(timeoutMs);
  const limit = AbortSignal.any([timeout, signal]);
  let target = url;
  try {
    for (let redirects = 0; redirects < MAX_REDIRECTS; redirects += 1) {
      const answer = await httpGet(target, headers, limit);
      const next = redirectTarget(answer, target);
      if (next === undefined || next.hostname !== url.hostname) return judge(answer);
      target = next;
    }
    return failed(target, `stopped after ${MAX_REDIRECTS} redirects`);
  } catch (error) {
    if (timeout.aborted) {
      const why = "(Client.Timeout exceeded while awaiting headers)";
      return failed(target, `context deadline exceeded ${why}`);
    }
    if (target.protocol === "https:" && isHttpAnswerToTls(error)) {
      return failed(target, "http: server gave HTTP response to HTTPS client");
    }
    const destination = { host: target.hostname, port: portOf(target) };
    return failed(target, describeNetworkError(error, destination));
  }
}

function redirectTarget({ status, location }: HttpAnswer, from: URL): URL | undefined {
  const redirects = [301, 302, 303, 307, 308].includes(status);
  return redirects && location !== undefined ? new URL(location, from) : undefined;
}

function judge({ status, body }: HttpAnswer): ProbeOutcome {
  if (status < 200 || status >= 400) {
    return { type: "failure", message: `HTTP probe failed with statuscode: ${status}` };
  }
  if (status < 300) return { type: "success" };
  return { type: "warning", message: `Probe terminated redirects, Response body: ${body}` };
}

function failed(url: URL, problem: string): ProbeOutcome {
  return { type: "failure", message: describeFailedGet(url, problem) };
}
