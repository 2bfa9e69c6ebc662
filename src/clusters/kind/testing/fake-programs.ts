import {
  chmodSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

/**
 * Programs of our own in the place of kind and docker: shell scripts on a PATH of their own, which note how
 * they were called. A script gets its arguments as `$*`; `$FOLDER` is theirs.
 */
export class FakePrograms {
  readonly folder = mkdtempSync(join(tmpdir(), "fake-programs-"));
  readonly #before = { ...process.env };

  /** The PATH has these programs and the system's own tools, and no kind or docker of this machine. */
  constructor() {
    const bin = join(this.folder, "bin");
    mkdirSync(bin);
    for (const tool of ["sh", "cat", "cp", "sleep", "grep", "touch", "rm"]) {
      this.#script(tool, `exec /bin/${tool} "$@"`);
    }
    process.env["PATH"] = bin;
    process.env["FOLDER"] = this.folder;
    delete process.env["KIND_EXPERIMENTAL_PROVIDER"];
  }

  /** `body` is a shell script. */
  program(name: string, body: string): void {
    this.#script(name, `echo "${name} $*" >> "$FOLDER/calls"\n${body}`);
  }

  /** Every call in order, as `kind get clusters`. */
  get calls(): readonly string[] {
    const file = join(this.folder, "calls");
    return existsSync(file) ? readFileSync(file, "utf8").trimEnd().split("\n") : [];
  }

  write(name: string, text: string): void {
    writeFileSync(join(this.folder, name), text);
  }

  /** Puts the environment back and removes the scripts. */
  end(): void {
    for (const name of Object.keys(process.env)) delete process.env[name];
    Object.assign(process.env, this.#before);
    rmSync(this.folder, { recursive: true });
  }

  #script(name: string, body: string): void {
    const file = join(this.folder, "bin", name);
    writeFileSync(file, `#!/bin/sh\n${body}\n`);
    chmodSync(file, 0o755);
  }
}
