import { spawn } from "node:child_process";
import type { ActionResult } from "./trace.ts";

/** Where kubectl acts: on which cluster, in which namespace. */
export interface KubectlPlace {
  /** A file whose current context is in the namespace. */
  readonly kubeconfigFile: string;
  readonly namespace: string;
}

/** Runs a program as the recorder of the golden traces did: kubectl on the PATH, KUBECONFIG and NS set. */
export function runInPlace(
  command: readonly [string, ...string[]],
  { kubeconfigFile, namespace }: KubectlPlace,
): Promise<ActionResult> {
  const { promise, resolve, reject } = Promise.withResolvers<ActionResult>();
  const [program, ...args] = command;
  const env = { ...process.env, KUBECONFIG: kubeconfigFile, NS: namespace };
  const child = spawn(program, args, { env, stdio: ["ignore", "pipe", "pipe"] });
  const output = { stdout: "", stderr: "" };
  for (const name of ["stdout", "stderr"] as const) {
    child[name].setEncoding("utf8").on("data", (text: string) => {
      output[name] += text;
    });
  }
  child.on("error", (cause) => reject(new Error(`Could not run ${program}.`, { cause })));
  child.on("close", (code) => resolve({ exitCode: code ?? -1, ...output }));
  return promise;
}

/** The same, where anything but success means that the case cannot be told. */
export async function mustRunInPlace(
  command: readonly [string, ...string[]],
  place: KubectlPlace,
): Promise<string> {
  const { exitCode, stdout, stderr } = await runInPlace(command, place);
  if (exitCode === 0) return stdout;
  throw new Error(`\`${command.join(" ")}\` ended with ${exitCode}: ${stderr || stdout}`);
}
