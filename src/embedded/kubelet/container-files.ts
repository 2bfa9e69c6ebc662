import { chmodSync, mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { Container } from "#embedded/api/objects.ts";
import { type FileTree, type Mount, prepareFileTree } from "./file-tree/prepare-file-tree.ts";
import type { LocalImage } from "./images.ts";
import { isWithin, type LocalPath } from "./local-paths.ts";

/** The files of one container instance: what is its own, and where it finds what is not this machine's. */
export interface ContainerFiles {
  readonly home: string;
  readonly temporary: string;
  readonly messageFile: string;
  /** Paths that are rewritten wherever the program is told them. */
  readonly mounts: readonly LocalPath[];
  /** Paths at which the program itself finds what lies elsewhere. */
  readonly ownMounts: readonly LocalPath[];
  readonly fileTree: FileTree | undefined;
}

/**
 * Makes the directories of the instance below `directory`. A volume is mounted where the runtime can do
 * that, unless it would hide what runs the container: this machine's /tmp, the program, its directory.
 */
export function containerFiles(options: {
  readonly container: Container;
  readonly image: LocalImage;
  readonly directory: string;
  readonly volumes: readonly Mount[];
  /** Whether the runtime can mount. */
  readonly ownFiles: boolean;
}): ContainerFiles {
  const { container, image, directory, volumes } = options;
  const [home, temporary] = [join(directory, "home"), join(directory, "tmp")];
  const messageFile = join(directory, "termination-log");
  mkdirSync(directory, { recursive: true });
  for (const path of [home, temporary])
    makeOpen(path, 0o777, (made) => mkdirSync(made, { recursive: true }));
  // As in a kubelet it is there, and whoever the container runs as may write to it.
  makeOpen(messageFile, 0o666, (path) => writeFileSync(path, ""));
  const needed = [directory, image.directory, process.execPath, "/tmp", ...image.command];
  const isMounted = ({ containerPath }: Mount) =>
    options.ownFiles &&
    !needed.some((path) => isWithin(path, containerPath)) &&
    !isWithin(containerPath, "/tmp");
  const ownMounts = volumes.filter(isMounted);
  const mounts = [
    ...volumes.filter((volume) => !isMounted(volume)),
    { containerPath: "/tmp", localPath: temporary },
    {
      containerPath: container.terminationMessagePath ?? "/dev/termination-log",
      localPath: messageFile,
    },
  ];
  const readOnly = container.securityContext?.readOnlyRootFilesystem === true;
  const common = { home, temporary, messageFile, mounts, ownMounts };
  if (!options.ownFiles || (ownMounts.length === 0 && !readOnly)) {
    return { ...common, ownMounts: [], fileTree: undefined };
  }
  // The message of the container's end is no part of its image: it can always be written.
  const message = { containerPath: messageFile, localPath: messageFile, readOnly: false };
  const fileTree = prepareFileTree([...ownMounts, ...(readOnly ? [message] : [])], {
    directory,
    readOnly,
  });
  return { ...common, fileTree };
}

/** Not by the mode it is made with: our own umask would take some of it away. */
function makeOpen(path: string, mode: number, make: (path: string) => void): void {
  make(path);
  chmodSync(path, mode);
}
