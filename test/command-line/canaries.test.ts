import { spawn } from "node:child_process";
import { once } from "node:events";
import { cpSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { text } from "node:stream/consumers";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type EmbeddedCluster, startCluster } from "#embedded/index.ts";
import { runCommandLine } from "#test/support/run-command-line.ts";

/*
 * One real run of a workload that tells its secrets and sends markup, with everything switched on that shows,
 * writes or sends a run. No secret may be in anything that came of it, and no markup may be more than text.
 */
const main = join(import.meta.dirname, "../../src/cli/main.ts");
const PLANTED = [
  "canary-of-a-secret-4711",
  "canary-of-a-header",
  "canary-of-a-cookie",
  "canary-of-a-key",
  "canary-of-basic",
  "canary-of-a-body",
  "canary-of-otlp",
  "canary-of-a-gateway",
];

let folder: string;
let cluster: EmbeddedCluster;
let receiver: Server;
/** By which credentials the receiver was asked. */
const credentials = new Set<string>();
/** All that came of the run, by where it was found. */
const found = new Map<string, string>();

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), "lastcall-canary-"));
  cpSync(join(import.meta.dirname, "canary"), folder, { recursive: true });
  const workload = readFileSync(join(folder, "workload.yaml"), "utf8");
  writeFileSync(
    join(folder, "workload.yaml"),
    workload.replace("WITNESS_FILE", join(folder, "witness")),
  );
  writeFileSync(join(folder, "lastcall.yaml"), 'allow: { contexts: ["*"] }\n');
  const command = ["node", "server.mjs"];
  cluster = await startCluster({
    nodes: 2,
    images: [{ image: "test/canary:1", directory: folder, command }],
  });
  writeFileSync(join(folder, "kubeconfig"), cluster.kubeconfig);
  receiver = createServer(async (request, response) => {
    found.set(`sent to ${request.url}`, await text(request));
    credentials.add(request.headers.authorization ?? "none");
    response.writeHead(200).end("{}");
  }).listen(0, "127.0.0.1");
  await once(receiver, "listening");
  await runEverything();
}, 150_000);

afterAll(async () => {
  receiver.closeAllConnections();
  receiver.close();
  await cluster.stop();
  rmSync(folder, { recursive: true });
});

async function runEverything(): Promise<void> {
  const { port } = receiver.address() as AddressInfo; // it listens on TCP
  const metrics = `127.0.0.1:${await freePort()}`;
  const env = {
    ...process.env,
    KUBECONFIG: join(folder, "kubeconfig"),
    GITHUB_ACTIONS: "true",
    GITHUB_STEP_SUMMARY: join(folder, "step-summary.md"),
    OTEL_EXPORTER_OTLP_HEADERS: "authorization=canary-of-otlp",
  };
  const context = /current-context: (\S+)/.exec(cluster.kubeconfig)?.[1] ?? "";
  const child = spawn(
    process.execPath,
    [
      ...["--conditions=source", main, "run", "canary.feature", "--scenario", "."],
      ...["--cluster", `context:${context}`, "--ui", "--metrics", metrics],
      ...["--pushgateway", `http://ann:canary-of-a-gateway@127.0.0.1:${port}`],
      ...["--otlp", `http://127.0.0.1:${port}`],
    ],
    { cwd: folder, env, stdio: ["ignore", "pipe", "pipe"] },
  );
  const [output, errors] = await Promise.all([
    watchedOutput(child.stdout, metrics),
    text(child.stderr),
    once(child, "exit"),
  ]);
  found.set("the terminal", output + errors);
  const run = readdirSync(join(folder, "reports")).find((name) => name.startsWith("20")) ?? "";
  for (const args of [
    ["check", `reports/${run}`],
    ["advise", `reports/${run}`],
    ["report", "--compare", `reports/${run}`, `reports/${run}`, "--html", "reports/two.html"],
  ]) {
    const { stdout, stderr } = await runCommandLine(args, { cwd: folder });
    found.set(args[0] ?? "", stdout + stderr);
  }
  for (const entry of readdirSync(join(folder, "reports"), {
    recursive: true,
    withFileTypes: true,
  })) {
    if (!entry.isFile()) continue;
    found.set(entry.name, readFileSync(join(entry.parentPath, entry.name), "latin1"));
  }
  found.set("step-summary.md", readFileSync(join(folder, "step-summary.md"), "utf8"));
}

async function freePort(): Promise<number> {
  const probe = createServer().listen(0, "127.0.0.1");
  await once(probe, "listening");
  const { port } = probe.address() as AddressInfo; // as above
  await new Promise((resolve) => probe.close(resolve));
  return port;
}

/** Reads along, and opens the live page and the metrics as soon as they are there. */
async function watchedOutput(stream: NodeJS.ReadableStream, metrics: string): Promise<string> {
  let output = "";
  let events: Promise<void> | undefined;
  for await (const part of stream) {
    output += String(part);
    const live = /^Live: (\S+)/m.exec(output)?.[1];
    if (live !== undefined) events ??= follow(new URL("events", live));
    if (/s {2}recovery/.test(output) && !found.has("/metrics")) {
      found.set("/metrics", await (await fetch(`http://${metrics}/metrics`)).text());
    }
  }
  await events;
  return output;
}

async function follow(url: URL): Promise<void> {
  found.set("the live page", await (await fetch(url)).text());
}

const contentOf = (name: string) => found.get(name) ?? "";

describe("a run of a workload that tells its secrets", () => {
  it("has really sent, received and shown them to the workload", () => {
    const witness = readFileSync(join(folder, "witness"), "utf8");
    const gateway = Buffer.from("ann:canary-of-a-gateway").toString("base64");
    const ofReceivers = new Map([
      ["canary-of-otlp", "canary-of-otlp"],
      ["canary-of-a-gateway", `Basic ${gateway}`],
    ]);
    expect([...credentials]).toEqual(expect.arrayContaining([...ofReceivers.values()]));
    for (const secret of PLANTED.filter((one) => !ofReceivers.has(one)))
      expect(witness).toContain(secret);
  });

  it("came to a report, and to everything else that can come of a run", () => {
    for (const name of [
      ...["the terminal", "the live page", "/metrics", "check", "advise", "report"],
      ...["sent to /v1/traces", "report.html", "result.json", "summary.md", "metrics.prom"],
      ...["advice.sarif", "header.json", "observations.ndjson", "index.html", "two.html"],
      ...["junit.xml", "cucumber.html", "messages.ndjson", "step-summary.md", "index.sqlite"],
    ]) {
      expect(contentOf(name).length, name).toBeGreaterThan(20);
    }
    expect([...found.keys()].some((name) => name.startsWith("sent to /metrics/job"))).toBe(true);
    // Not the verdict: on a machine that is busy it may be inconclusive.
    expect(JSON.parse(contentOf("result.json")).failures.total).toBeGreaterThan(0);
  });

  it("left none of them anywhere", () => {
    const ofCluster = [
      ...cluster.kubeconfig.matchAll(/(?:token|client-key-data|password): (\S+)/g),
    ];
    const secrets = [...PLANTED, ...ofCluster.map(([, secret = ""]) => secret)];
    expect(secrets.length).toBeGreaterThan(PLANTED.length);
    const spellings = secrets.flatMap((secret) => [
      secret,
      encodeURIComponent(secret),
      Buffer.from(secret).toString("base64").replaceAll("=", ""),
    ]);
    const leaks = [...found].flatMap(([place, content]) =>
      spellings
        .filter((spelling) => content.includes(spelling))
        .map((spelling) => [place, spelling]),
    );
    expect(leaks).toEqual([]);
  });
});

describe("a run of a workload that sends markup", () => {
  it("has a report with no script but its own", () => {
    expect(contentOf("report.html")).toContain("&lt;script&gt;alert");
    for (const page of ["report.html", "index.html", "two.html"]) {
      const own = page === "report.html" ? 2 : 1;
      expect(contentOf(page).match(/<script/g)?.length, page).toBe(own);
      expect(contentOf(page), page).not.toMatch(/<img/);
    }
  });

  it("is drawn live with its pods, its failures and their cards, and its markup is text in all of them", () => {
    const drawings = contentOf("the live page")
      .split("\n")
      .filter((line) => line.startsWith("data: {"))
      .map((line) => JSON.parse(line.slice("data: ".length)));
    const drawn = drawings.flatMap(({ frame = "", parts }) => [frame, ...Object.values(parts)]);
    expect(drawn.join("\n")).toMatch(/id="mark-0"/);
    expect(drawings.some(({ marks }) => marks.set.length > 0)).toBe(true);
    expect(drawn.join("\n")).toContain("&lt;script&gt;alert");
    for (const part of drawn) expect(part).not.toMatch(/<script|<img/);
  });

  it("gives no command to the job that runs it", () => {
    const commands = contentOf("the terminal").match(/^::.*/gm) ?? [];
    expect(commands.length).toBeGreaterThan(0);
    for (const command of commands)
      expect(command).toMatch(/^::(?:error|warning) file=canary\.feature,/);
  });

  it("does not break the XML of JUnit", () => {
    const junit = contentOf("junit.xml");
    expect(junit).toMatch(/^<\?xml/);
    const outsideOfText = junit.replaceAll(/<!\[CDATA\[[\s\S]*?\]\]>/g, "");
    const tags = outsideOfText.match(/<\/?[a-z-]+/g) ?? [];
    expect(new Set(tags.map((tag) => tag.replace("/", "")))).not.toContain("<script");
    expect(outsideOfText).not.toMatch(/&(?!(?:amp|lt|gt|quot|apos|#\d+|#x[\da-f]+);)/i);
    const opened = (outsideOfText.match(/<[a-z][^>]*[^/]>/g) ?? []).length;
    expect(opened).toBe((outsideOfText.match(/<\//g) ?? []).length);
  });

  it("cannot end a data block of cucumber's page", () => {
    expect(contentOf("cucumber.html")).not.toContain("</script><script>alert(4)");
  });
});
