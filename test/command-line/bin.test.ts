import { execFile } from "node:child_process";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, it } from "vitest";

/* bin/lastcall.js in a checkout, started by whatever Node the system has. */
const bin = join(import.meta.dirname, "../../bin/lastcall.js");
const { version } = JSON.parse(
  readFileSync(join(import.meta.dirname, "../../package.json"), "utf8"),
) as { version: string };

/** Makes a Node say that it is an older one; the Node that it starts is what it is. */
const TWENTY =
  "data:text/javascript,Object.defineProperty(process.versions,'node',{value:'20.20.0'})";

function start(nodeOptions: readonly string[], ...args: readonly string[]) {
  const { promise, resolve } = Promise.withResolvers<{ code: unknown; out: string; err: string }>();
  execFile(process.execPath, [...nodeOptions, bin, ...args], (error, out, err) =>
    resolve({ code: error?.code ?? 0, out, err }),
  );
  return promise;
}

it.each([
  ["as it is", []],
  ["by the Node that came with the install, where the system's is too old", ["--import", TWENTY]],
])("runs the sources %s", async (_, nodeOptions) => {
  expect(await start(nodeOptions, "--version")).toEqual({ code: 0, out: `${version}\n`, err: "" });
  const { code, err } = await start(nodeOptions, "nonsense");
  expect(code).toBe(64);
  expect(err).toMatch(/^UNKNOWN_COMMAND: /);
});
