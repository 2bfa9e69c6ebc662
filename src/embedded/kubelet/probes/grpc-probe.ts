import { connect } from "node:http2";
import type { Destination } from "#embedded/kubelet/network-errors.ts";
import type { ProbeOutcome } from "./probe-outcome.ts";

/** The states of grpc.health.v1.HealthCheckResponse, by their number. */
const SERVING_STATUS = ["UNKNOWN", "SERVING", "NOT_SERVING", "SERVICE_UNKNOWN"];

/** grpc-status 12: the server has no health service. */
const UNIMPLEMENTED = "12";

/** Asks `grpc.health.v1.Health/Check` for one service; only SERVING is success. */
export async function probeGrpc(
  { host, port }: Destination,
  service: string,
  timeoutMs: number,
  signal: AbortSignal,
): Promise<ProbeOutcome> {
  const timeout = AbortSignal.timeout(timeoutMs);
  const within = `within ${timeoutMs / 1000}s`;
  try {
    const limit = AbortSignal.any([timeout, signal]);
    const answer = await checkHealth(`http://${host}:${port}`, service, limit);
    if (answer.grpcStatus === UNIMPLEMENTED) {
      const message = "error: this server does not implement the grpc health protocol";
      return { type: "failure", message: `${message} (grpc.health.v1.Health)` };
    }
    if (answer.grpcStatus !== "0") {
      return {
        type: "failure",
        message: `error: health rpc failed with grpc-status ${answer.grpcStatus}`,
      };
    }
    const status = SERVING_STATUS[answer.body[1] ?? 0] ?? "UNKNOWN";
    if (status === "SERVING") return { type: "success" };
    const message = `service unhealthy (responded with ${JSON.stringify(status)})`;
    return { type: "failure", message };
  } catch (error) {
    const why = timeout.aborted ? "context deadline exceeded" : String(error);
    const message = `timeout: failed to connect service ${JSON.stringify(`${host}:${port}`)} ${within}: ${why}`;
    return { type: "failure", message };
  }
}

interface HealthAnswer {
  readonly grpcStatus: string;
  /** The message without its five bytes of framing; field 1 is the status. */
  readonly body: Buffer;
}

async function checkHealth(
  authority: string,
  service: string,
  signal: AbortSignal,
): Promise<HealthAnswer> {
  const session = connect(authority);
  const { promise, resolve, reject } = Promise.withResolvers<HealthAnswer>();
  const abort = () => reject(signal.reason);
  signal.addEventListener("abort", abort, { once: true });
  session.on("error", reject);
  try {
    const request = session.request({
      ":method": "POST",
      ":path": "/grpc.health.v1.Health/Check",
      "content-type": "application/grpc",
      te: "trailers",
      "user-agent": "kube-probe/1.36",
    });
    const chunks: Buffer[] = [];
    let grpcStatus = "";
    const remember = (headers: Record<string, unknown>) => {
      if (headers["grpc-status"] !== undefined) grpcStatus = String(headers["grpc-status"]);
    };
    request.on("response", remember);
    request.on("trailers", remember);
    request.on("data", (chunk: Buffer) => chunks.push(chunk));
    request.on("error", reject);
    request.on("end", () => resolve({ grpcStatus, body: Buffer.concat(chunks).subarray(5) }));
    request.end(healthRequest(service));
    return await promise;
  } finally {
    signal.removeEventListener("abort", abort);
    session.destroy();
  }
}

/** A length-prefixed HealthCheckRequest: field 1 is the name of the service. */
function healthRequest(service: string): Buffer {
  const name = Buffer.from(service);
  const message =
    name.length === 0 ? name : Buffer.concat([Buffer.from([0x0a, name.length]), name]);
  const prefix = Buffer.alloc(5);
  prefix.writeUInt32BE(message.length, 1);
  return Buffer.concat([prefix, message]);
}
