import { existsSync } from "node:fs";
import { join } from "node:path";

/** An image that needs no mapping, since the cluster brings a program that stands for it. */
export interface BuiltInImage {
  /** Without a tag: every version of it. */
  readonly image: string;
  readonly directory: string;
  readonly command: readonly string[];
  /** The command is only what runs when a container gives no arguments: these are a command themselves. */
  readonly argumentsReplace?: boolean;
  /** A directory of programs that the real image has and this machine may not. */
  readonly programs?: string;
  /** A directory of programs that say the same otherwise in the real image than on this machine. */
  readonly ownPrograms?: string;
  /** Where the program lies in the real image; a container that names it means `command`. */
  readonly path?: string;
}

const TEST_IMAGES = "registry.k8s.io/e2e-test-images";
const AGNHOST = ["sh", inThisFolder("agnhost.sh"), process.execPath, inThisFolder("agnhost.cjs")];

/** The shell of busybox knows `[[ … ]]`, as bash does and the plain shell of many systems does not. */
const BUSYBOX_SHELL = existsSync("/bin/bash") ? "/bin/bash" : "sh";

/**
 * What Kubernetes' own end-to-end tests run in their pods: agnhost with a few of its subcommands, something
 * that waits, something that serves, and a shell, which is this machine's own with its programs.
 */
export const BUILT_IN_IMAGES: readonly BuiltInImage[] = [
  builtIn(`${TEST_IMAGES}/agnhost`, AGNHOST, {
    path: "/agnhost",
    programs: inThisFolder("bin"),
    ownPrograms: inThisFolder("own-bin"),
  }),
  ...["registry.k8s.io/pause", "k8s.gcr.io/pause"].map((image) =>
    builtIn(image, ["sh", inThisFolder("pause.sh")], { path: "/pause" }),
  ),
  ...["busybox", `${TEST_IMAGES}/busybox`].map((image) =>
    builtIn(image, [BUSYBOX_SHELL], { argumentsReplace: true, path: "/bin/sh" }),
  ),
  ...["httpd", "nginx"].map((name) =>
    builtIn(`${TEST_IMAGES}/${name}`, [...AGNHOST, "test-webserver"], { argumentsReplace: true }),
  ),
];

function builtIn(
  image: string,
  command: readonly string[],
  rest: Pick<BuiltInImage, "argumentsReplace" | "ownPrograms" | "path" | "programs">,
): BuiltInImage {
  return { image, directory: "/", command, ...rest };
}

function inThisFolder(file: string): string {
  return join(import.meta.dirname, file);
}
