import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { text } from "node:stream/consumers";
import { afterEach, beforeEach, describe, expect, it } from "vitest";

/*
 * Bad input never gets further than one clear message: what was attempted, what was found, what to do next,
 * the documented exit code, and nothing left running.
 */
const repository = join(import.meta.dirname, "../..");
let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "lastcall-bad-"));
});
afterEach(() => rmSync(folder, { recursive: true }));

async function lastcall(...args: readonly string[]) {
  const main = join(repository, "src/cli/main.ts");
  const child = spawn(process.execPath, ["--conditions=source", main, ...args], {
    cwd: folder,
    env: { ...process.env, KUBECONFIG: join(folder, "kubeconfig-of-nobody") },
    stdio: ["ignore", "pipe", "pipe"],
  });
  const [out, err, [exitCode]] = await Promise.all([
    text(child.stdout),
    text(child.stderr),
    once(child, "exit"),
  ]);
  return { exitCode, output: out + err, leftovers: processesWith(folder) };
}

/** Command lines and working directories of what still runs for this test. */
function processesWith(marker: string): readonly string[] {
  return readdirSync("/proc")
    .filter((entry) => /^\d+$/.test(entry))
    .map((pid) => {
      try {
        return (
          readFileSync(`/proc/${pid}/environ`, "utf8") +
          readFileSync(`/proc/${pid}/cmdline`, "utf8")
        );
      } catch {
        return ""; // it has ended meanwhile, or is somebody else's
      }
    })
    .filter((about) => about.includes(marker));
}

function write(files: Readonly<Record<string, string>>): void {
  for (const [name, content] of Object.entries(files)) {
    mkdirSync(join(folder, name, ".."), { recursive: true });
    writeFileSync(join(folder, name), content);
  }
}

const FEATURE = `Feature: a web server
  Scenario: it is updated
    Given 2 running Pod replicas
    When a Deployment update is performed
    Then the monitored metrics should satisfy:
      | metric             | threshold |
      | request error rate | <1%       |
`;
const SCENARIO = `name: web
images:
  example/web:1: { directory: ., command: [node, server.mjs] }
load: [{ type: fresh, rate: 50/s, path: / }]
timing: { warmUp: 0s, control: 500ms, recovery: 500ms, deadline: 6s }
`;
const WORKLOAD = `apiVersion: apps/v1
kind: Deployment
metadata: { name: web }
spec:
  replicas: 2
  selector: { matchLabels: { app: web } }
  template:
    metadata: { labels: { app: web } }
    spec:
      terminationGracePeriodSeconds: 2
      containers:
        - name: web
          image: example/web:1
          env: [{ name: MARKER, value: MARKER_OF_THE_TEST }]
          readinessProbe: { httpGet: { path: /ready, port: 8080 }, periodSeconds: 1 }
---
apiVersion: v1
kind: Service
metadata: { name: web }
spec: { type: NodePort, selector: { app: web }, ports: [{ port: 8080 }] }
`;
const SERVER = `import { createServer } from "node:http";
const server = createServer((request, response) => {
  response.statusCode = request.url === "/ready" ? 500 : 200;
  response.end();
});
console.log("about to listen");
server.listen(8080, process.env.HOST);
process.on("SIGTERM", () => process.exit(0));
`;

function writeAll(changes: Readonly<Record<string, string>> = {}): void {
  const files = {
    "web.feature": FEATURE,
    "scenario.yaml": SCENARIO,
    "workload.yaml": WORKLOAD,
    "server.mjs": SERVER,
    ...changes,
  };
  write(
    Object.fromEntries(
      Object.entries(files).map(([name, text]) => [
        name,
        text.replace("MARKER_OF_THE_TEST", folder),
      ]),
    ),
  );
}

const run = () => lastcall("run", "web.feature", "--scenario", ".");

describe("bad input is answered before anything is started", () => {
  it("names the line of a metric that does not exist", async () => {
    writeAll({ "web.feature": FEATURE.replace("request error rate", "request eror rate") });
    const { exitCode, output } = await run();
    expect(exitCode).toBe(64);
    expect(output).toContain('web.feature:7: no metric is called "request eror rate"');
    expect(output).toContain('did you mean "request error rate"?');
  });

  it("quotes a threshold with the wrong unit, and says what is allowed", async () => {
    writeAll({ "web.feature": FEATURE.replace("<1%", "<2s") });
    const { exitCode, output } = await run();
    expect(exitCode).toBe(64);
    expect(output).toContain('web.feature:7: "<2s" does not fit "Request error rate"');
  });

  it("finds what is wrong with the last scenario before the first one has a cluster", async () => {
    const misspelt = FEATURE.slice(FEATURE.indexOf("  Scenario:")).replace("performed", "perfomed");
    writeAll({ "web.feature": `${FEATURE}${misspelt}` });
    const { exitCode, output } = await run();
    expect(exitCode).toBe(64);
    expect(output).toMatch(
      /^web.feature:10: UNDEFINED_STEP: No step says "a Deployment update is perfomed".\n {2}Did you mean "a Deployment update is performed" or /,
    );
    expect(output).not.toContain("setup");
  });

  it("names what a command has, for a slip in its name or its options", async () => {
    const command = await lastcall("runn");
    expect(command.output).toContain("Did you mean run? Commands: try, ");
    const option = await lastcall("try", "--prot", "3000");
    expect(option.output).toContain("`lastcall help try` lists the options.");
    expect([command.exitCode, option.exitCode]).toEqual([64, 64]);
  });

  it("asks for a kubeconfig before it asks whether a context is allowed", async () => {
    writeAll({ "kubeconfig-of-nobody": "" });
    const { exitCode, output } = await lastcall("run", "web.feature", "--cluster", "context:prod");
    expect(output).toMatch(/^KUBECONFIG_/);
    expect(exitCode).toBe(3);
  });

  it("asks what is meant by a cluster before it asks whether it is allowed", async () => {
    writeAll();
    const { exitCode, output } = await lastcall("run", "web.feature", "--cluster", "kin");
    expect(output).toMatch(
      /^UNKNOWN_CLUSTER: There is no cluster of the kind "kin"\.\n {2}Use embedded/,
    );
    expect(exitCode).toBe(64);
  });

  it.each([
    ["--tags", "@slow and"],
    ["--name", "("],
  ])("quotes what %s cannot be", async (option, text) => {
    writeAll();
    const chosen = ["web.feature", "--scenario", ".", option, text];
    const { exitCode, output } = await lastcall("run", ...chosen);
    expect(output).toMatch(/^BAD_FILTER: --tags or --name cannot be read: .*\n {2}For example: /);
    expect(output).toContain(text);
    expect(exitCode).toBe(64);
  });

  it.each(["check", "advise"])("does not take just any folder for a run: %s", async (command) => {
    const { exitCode, output } = await lastcall(command, "nowhere");
    expect(output).toMatch(/^NOT_A_RUN: There is no run in nowhere: .*\n {2}Give the folder/);
    expect(exitCode).toBe(64);
  });

  it("names the line that is no Gherkin", async () => {
    writeAll({ "web.feature": FEATURE.replace("When", "Whne") });
    const { exitCode, output } = await run();
    expect(exitCode).toBe(64);
    expect(output).toMatch(/^web.feature:4: NO_GHERKIN: expected: .*, got 'Whne a Deployment/);
    expect(output).toContain("Its keywords are Feature, Scenario, Given");
  });

  it("says that reports cannot be written where it was told to", async () => {
    write({ "a.feature": FEATURE, taken: "a file" });
    const { exitCode, output } = await lastcall("run", "a.feature", "--reports", "taken/reports");
    expect(output).toMatch(/^NO_REPORTS_FOLDER: .*taken\/reports\.\n {2}Name a folder/);
    expect(exitCode).toBe(64);
  });

  it("says where it looked for a scenario that is not there", async () => {
    writeAll();
    const { exitCode, output } = await lastcall("run", "web.feature", "--scenario", "nowhere");
    expect(exitCode).toBe(64);
    expect(output).toContain('NO_SCENARIO: There is no scenario "nowhere": looked for nowhere');
  });

  it("names file and line of YAML that is no Kubernetes object", async () => {
    writeAll({ "workload.yaml": `${WORKLOAD}---\nhello: world\n` });
    const { exitCode, output } = await run();
    expect(exitCode).toBe(64);
    expect(output).toContain("workload.yaml:22: this is no Kubernetes object");
  });

  it.each(["0", "many"])("wants a number of runs for --repeat, not %s", async (text) => {
    writeAll();
    const { exitCode, output } = await lastcall("run", "web.feature", `--repeat=${text}`);
    expect(exitCode).toBe(64);
    expect(output).toContain(`BAD_REPEAT: --repeat ${text} is not a number of runs.`);
  });

  it("looks at the baseline before it starts anything", async () => {
    writeAll({ "old.json": "{}" });
    const against = (baseline: string) =>
      lastcall("run", "web.feature", "--scenario", ".", "--baseline", baseline);
    const missing = await against("reports/last-night");
    expect(missing.exitCode).toBe(64);
    expect(missing.output).toContain(
      "NO_BASELINE: There is no run or result in reports/last-night.",
    );
    const foreign = await against("old.json");
    expect(foreign.exitCode).toBe(64);
    expect(foreign.output).toContain(
      "UNREADABLE_RESULT: old.json is not the result.json of a run.",
    );
  });

  it("proves nothing when a folder holds no scenario", async () => {
    writeAll();
    mkdirSync(join(folder, "empty"));
    const { exitCode, output } = await lastcall("run", "empty", "--scenario", ".");
    expect(exitCode).toBe(2);
    expect(output).toContain("No scenario was run, so nothing was proven.");
  });
});

describe("a workload that never gets ready is explained, and ended", () => {
  it("names the probe that fails, in the kubelet's words, and the end of the log", async () => {
    writeAll();
    const { exitCode, output, leftovers } = await run();
    expect(exitCode).toBe(3);
    expect(output).toContain("WORKLOAD_NOT_READY");
    expect(output).toContain("Readiness probe failed: HTTP probe failed with statuscode: 500");
    expect(output).toContain("about to listen");
    expect(leftovers).toEqual([]);
  });

  it("says that a command is not found in the pod", async () => {
    writeAll({ "scenario.yaml": SCENARIO.replace("node, server.mjs", "no-such-program") });
    const { exitCode, output, leftovers } = await run();
    expect(exitCode).toBe(3);
    expect(output).toContain("no-such-program");
    expect(output).toContain("executable file not found in $PATH");
    expect(leftovers).toEqual([]);
  });

  it("shows the port that is in use", async () => {
    const twice = `${SERVER}createServer().listen(8080, process.env.HOST);\n`;
    writeAll({ "server.mjs": twice });
    const { exitCode, output, leftovers } = await run();
    expect(exitCode).toBe(3);
    expect(output).toContain("EADDRINUSE");
    expect(leftovers).toEqual([]);
  });
});
