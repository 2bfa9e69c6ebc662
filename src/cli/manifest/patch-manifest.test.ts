import { describe, expect, it } from "vitest";
import { patchManifest } from "./patch-manifest.ts";

const SERVICE = `# The way in.
apiVersion: v1
kind: Service
metadata: {name: web}   # as it is
spec:
    ports: [ {port: 80} ]
`;

const DEPLOYMENT = `apiVersion: apps/v1
kind: Deployment
metadata:
  name: web # the shop front
spec:
  replicas: 3 # one a zone

  template:
    spec:
      # Long enough for the slowest report.
      terminationGracePeriodSeconds: "30"
      containers:
        - name: proxy
          image: envoy
        - name: web
          command: [node, server.js]
          env:
            - { name: MODE, value: 0755 }
            - { name: AT, value: 22:30 }
          lifecycle:
            preStop:
              exec: { command: [ sh, -c, drain ] } # too new for the image
`;

const WORKLOAD = { kind: "Deployment", namespace: "default", name: "web" } as const;

const patched = (text: string, ...patches: readonly string[]) =>
  patchManifest(text, { file: "workload.yaml", workload: WORKLOAD, patches });

const GRACE = "spec:\n  template:\n    spec:\n      terminationGracePeriodSeconds: 12\n";
const onContainer = (name: string, lines: string) =>
  `spec:\n  template:\n    spec:\n      containers:\n        - name: ${name}\n${lines}`;
const SLEEP =
  "          lifecycle:\n            preStop:\n              sleep:\n                seconds: 2\n";

describe("patchManifest", () => {
  it("changes the one line that a setting stands on, and keeps its comments and all others", () => {
    expect(patched(DEPLOYMENT, GRACE).text).toBe(
      DEPLOYMENT.replace('Seconds: "30"', "Seconds: 12"),
    );
  });

  it("leaves the other documents of the file to the letter", () => {
    const { text } = patched(`${SERVICE}---\n${DEPLOYMENT}---\n${SERVICE}`, GRACE);
    expect(text.startsWith(`${SERVICE}---\n`)).toBe(true);
    expect(text.endsWith(`---\n${SERVICE}`)).toBe(true);
    expect(text).toContain("terminationGracePeriodSeconds: 12");
  });

  it("merges containers by name, whatever their order", () => {
    const { text } = patched(DEPLOYMENT, onContainer("proxy", SLEEP));
    expect(text).toBe(
      DEPLOYMENT.replace("          image: envoy\n", `          image: envoy\n${SLEEP}`),
    );
  });

  it("takes away what the patch sets to null, and never writes a null", () => {
    const replacing = SLEEP.replace("sleep:", "exec: null\n              sleep:");
    const { text } = patched(DEPLOYMENT, onContainer("web", replacing));
    expect(text).not.toContain("exec");
    expect(text).toContain(
      "            preStop:\n              sleep:\n                seconds: 2",
    );
    const fresh = patched(DEPLOYMENT, onContainer("proxy", replacing)).text;
    expect(fresh).not.toContain("null");
  });

  it("keeps what only looks like a number or a time as it stands", () => {
    const { text } = patched(DEPLOYMENT, GRACE);
    expect(text).toContain("value: 0755 }");
    expect(text).toContain("value: 22:30 }");
  });

  it("keeps lists at the indentation that the manifest has", () => {
    const flush = DEPLOYMENT.replaceAll(/^ {8}(?= {0,2}\S)(.*)$/gm, "      $1");
    expect(patched(flush, GRACE).text).toBe(flush.replace('Seconds: "30"', "Seconds: 12"));
  });

  it("lets the first of two patches have the last word", () => {
    const { text } = patched(DEPLOYMENT, GRACE, GRACE.replace("12", "20"));
    expect(text).toContain("terminationGracePeriodSeconds: 12");
  });

  it("complains of a container that only the cluster has, and makes none up", () => {
    const { text, complaints } = patched(DEPLOYMENT, GRACE, onContainer("istio-proxy", SLEEP));
    expect(complaints).toEqual([[], ["The manifest has no istio-proxy in its containers."]]);
    expect(text).not.toContain("istio-proxy");
  });

  it("changes a copy where an alias stands, not what its anchor names", () => {
    const aliased = DEPLOYMENT.replace("spec:\n", "spec:\n  keep: &k\n    a: 1\n  other: *k\n");
    expect(patched(aliased, "spec:\n  other:\n    a: 2\n").text).toContain(
      "keep: &k\n    a: 1\n  other:\n    a: 2\n",
    );
  });

  it("does not hide behind a new part what comes through a merge key", () => {
    const merged = `base: &base\n  template: {}\nkind: Deployment\nmetadata: { name: web }\nspec:\n  <<: *base\n`;
    const { text, complaints } = patched(merged, GRACE);
    expect(text).toBe(merged);
    expect(complaints[0]?.[0]).toContain("change it by hand");
  });

  it("says what the file holds when the workload is not in it", () => {
    expect(() => patched(SERVICE, GRACE)).toThrow(
      expect.objectContaining({ code: "NO_WORKLOAD", hint: "It holds Service/web." }),
    );
  });

  it("names the line of what is no YAML", () => {
    expect(() => patched(`${SERVICE}---\nkind: [\n`, GRACE)).toThrow(
      /workload\.yaml:\d+: no valid YAML/,
    );
  });
});
