import { once } from "node:events";
import { createServer, type IncomingMessage, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { json } from "node:stream/consumers";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { failingReport } from "#test/reporting/fixtures/failing-report.ts";
import { exportTrace, traceTarget } from "./export-trace.ts";

/** As much of OTLP as the tests read. */
interface ReceivedSpan {
  readonly traceId: string;
  readonly spanId: string;
  readonly parentSpanId?: string;
  readonly name: string;
  readonly startTimeUnixNano: string;
  readonly endTimeUnixNano: string;
  readonly attributes: readonly { readonly key: string; readonly value: object }[];
  readonly events: readonly { readonly name: string; readonly timeUnixNano: string }[];
  readonly status: { readonly code?: number; readonly message?: string };
}

let receiver: Server;
let status = 200;
let location: string | undefined;
let asked: IncomingMessage | undefined;
let spans: readonly ReceivedSpan[] = [];
beforeEach(async () => {
  status = 200;
  location = undefined;
  receiver = createServer(async (request, response) => {
    asked = request;
    const body = (await json(request)) as {
      resourceSpans: { scopeSpans: { spans: ReceivedSpan[] }[] }[];
    };
    spans = body.resourceSpans.flatMap(({ scopeSpans }) =>
      scopeSpans.flatMap((scope) => scope.spans),
    );
    response.writeHead(status, location === undefined ? {} : { location }).end("{}");
  }).listen(0, "127.0.0.1");
  await once(receiver, "listening");
});
afterEach(async () => {
  receiver.closeAllConnections();
  await new Promise((resolve) => receiver.close(resolve));
});

const address = () => `http://127.0.0.1:${(receiver.address() as AddressInfo).port}`; // it listens on TCP
const send = (env = {}) => exportTrace(failingReport(), traceTarget(address(), env));
const named = (name: string) => spans.find((span) => span.name.startsWith(name));

describe("exportTrace", () => {
  it("sends the run with its phases, actions and terminations as one trace", async () => {
    await send();
    expect(asked?.url).toBe("/v1/traces");
    expect(new Set(spans.map(({ traceId }) => traceId)).size).toBe(1);
    expect(new Set(spans.map(({ spanId }) => spanId)).size).toBe(spans.length);
    const root = named("run ");
    expect(root?.traceId).toMatch(/^[0-9a-f]{32}$/);
    expect(root?.spanId).toMatch(/^[0-9a-f]{16}$/);
    expect(root).not.toHaveProperty("parentSpanId");
    expect(root?.status).toEqual({ code: 2, message: failingReport().headline });
    expect(named("phase disruption")?.parentSpanId).toBe(root?.spanId);
    expect(named("patch deployment/shop")?.parentSpanId).toBe(named("phase disruption")?.spanId);
    expect(spans.filter(({ name }) => name.startsWith("termination "))).toHaveLength(10);
  });

  it("stamps each span by the wall clock of the run's start", async () => {
    await send();
    const startedAt = BigInt(Date.parse(failingReport().header.startedAt)) * 1_000_000n;
    expect(BigInt(named("run ")?.startTimeUnixNano ?? 0)).toBe(startedAt);
    const [first] = failingReport().terminations;
    const t0 = BigInt(Math.round((first?.deletionRequestedAtMs ?? 0) * 1_000)) * 1_000n;
    expect(BigInt(named(`termination ${first?.pod}`)?.startTimeUnixNano ?? 0)).toBe(startedAt + t0);
  });

  it("tells of a pod's leaving in events, and of a kill as an error", async () => {
    await send();
    const killed = spans.find(({ name }) => name.endsWith("t9xgd"));
    expect(killed?.status).toMatchObject({ code: 2, message: expect.stringContaining("killed") });
    expect(killed?.events.map(({ name }) => name)).toContain("endpoint not ready");
    expect(killed?.attributes).toContainEqual({
      key: "lastcall.exit_codes",
      value: { stringValue: "137" },
    });
  });

  it("is the same trace when the run is judged again", async () => {
    await send();
    const before = spans;
    await send();
    expect(spans).toEqual(before);
  });

  it("sends the headers of OpenTelemetry's convention, and keeps a path that is complete", async () => {
    const env = { OTEL_EXPORTER_OTLP_HEADERS: "authorization=Bearer%20abc, x-team = shop" };
    await exportTrace(failingReport(), traceTarget(`${address()}/otlp/v1/traces`, env));
    expect(asked?.url).toBe("/otlp/v1/traces");
    expect(asked?.headers).toMatchObject({ authorization: "Bearer abc", "x-team": "shop" });
  });

  it("says when nobody took it, and no credential", async () => {
    status = 401;
    await expect(
      send({ OTEL_EXPORTER_OTLP_HEADERS: "authorization=secret" }),
    ).rejects.toMatchObject({
      code: "NOT_EXPORTED",
      message: `Could not send the run's trace to ${address()}: it answered with status 401.`,
    });
  });

  it("follows no redirection: what the headers hold is for this receiver alone", async () => {
    location = `${address()}/elsewhere`;
    status = 307;
    await expect(send({ OTEL_EXPORTER_OTLP_HEADERS: "x-api-key=secret" })).rejects.toMatchObject({
      code: "NOT_EXPORTED",
    });
    expect(asked?.url).toBe("/v1/traces");
  });

  it("tells two leavings of one pod apart", async () => {
    const report = failingReport();
    const [first] = report.terminations;
    if (first === undefined) throw new Error("Pods leave in this report.");
    const again = { ...first, deletionRequestedAtMs: first.deletionRequestedAtMs + 5_000 };
    const twice = { ...report, terminations: [first, again] };
    await exportTrace(twice, traceTarget(address(), {}));
    const ids = spans.filter(({ name }) => name.startsWith("termination ")).map((s) => s.spanId);
    expect(new Set(ids).size).toBe(2);
  });

  it.each(["collector:4318", "ftp://host", "http://ann:secret@host", ""])(
    "knows %j for no address at once, and does not repeat it",
    (wrong) => {
      expect(() => traceTarget(wrong, {})).toThrow(
        "--otlp was given no address of an OTLP receiver.",
      );
    },
  );
});
