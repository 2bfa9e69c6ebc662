import type { Container } from "#embedded/api/objects.ts";
import { findExecutable } from "./runtime/find-executable.ts";

/** A local directory and command that stand for a container image. */
export interface ImageMapping {
  readonly image: string;
  readonly directory: string;
  readonly command: readonly string[];
  /** The command is only what runs when a container gives no arguments: these are a command themselves. */
  readonly argumentsReplace?: boolean;
  /** A program of the real image that stands for `command`. */
  readonly path?: string;
  /** A directory of programs that are looked for after this machine's own. */
  readonly programs?: string;
  /** A directory of programs that are looked for before this machine's own. */
  readonly ownPrograms?: string;
}

/** An image as the kubelet finds it: what of this machine stands for it. */
export interface LocalImage
  extends Pick<ImageMapping, "argumentsReplace" | "ownPrograms" | "path" | "programs"> {
  /** The working directory of a container that names none. */
  readonly directory: string;
  /** The entry point: a container's `command` replaces it, its `args` are appended to it. */
  readonly command: readonly string[];
  /** An entry point that looks at the arguments: it may run one of them instead of the command. */
  readonly runsPrograms?: boolean;
  readonly imageID: string;
}

/**
 * The program that an image name stands for on this machine. A mapping without a tag matches every tag
 * and digest of its repository; one with a tag matches only that. Every `node` image is this Node.js.
 */
export function findImage(
  image: string,
  mappings: readonly ImageMapping[],
): LocalImage | undefined {
  const wanted = parseReference(image);
  const mapping =
    mappings.find((candidate) => candidate.image === image) ??
    mappings.find(({ image: mapped }) => {
      const { repository, version } = parseReference(mapped);
      return repository === wanted.repository && (version === "" || version === wanted.version);
    });
  if (mapping !== undefined) {
    const { image: _, ...local } = mapping;
    return { ...local, imageID: `directory://${mapping.directory}` };
  }
  if (wanted.repository !== "node") return undefined;
  const imageID = `executable://${process.execPath}`;
  return { directory: "/", command: ["node"], runsPrograms: true, imageID };
}

/** What the user has to do about an image that nobody has mapped. */
export function describeUnknownImage(image: string): string {
  const mapping = `{ image: ${JSON.stringify(image)}, directory: <where it runs>, command: [<program>, …] }`;
  return `the embedded cluster runs local programs and does not know image ${JSON.stringify(image)}; map it with an entry of "images": ${mapping}`;
}

/** The full command line of a container; empty when neither the container nor the image names a command. */
export function commandLine(container: Container, image: LocalImage): readonly string[] {
  const { command = [], args = [] } = container;
  const [program, ...rest] =
    command.length > 0
      ? [
          ...(command[0] === image.path ? image.command : command.slice(0, 1)),
          ...command.slice(1),
          ...args,
        ]
      : [...(takesArgumentsAsCommand(image, args) ? [] : image.command), ...args];
  if (program === undefined) return [];
  return [program === "node" ? process.execPath : program, ...rest];
}

function takesArgumentsAsCommand(image: LocalImage, [first]: readonly string[]): boolean {
  if (image.argumentsReplace === true) return first !== undefined;
  return image.runsPrograms === true && isProgram(first);
}

const PROGRAM_PATH = "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin";

/** The entry point of Node's images runs `node -e …` and `sh -c …` as they stand, and `app.js` with node. */
function isProgram(word: string | undefined): boolean {
  if (word === undefined || word.startsWith("-")) return false;
  if (word === "node") return true;
  try {
    return findExecutable(word, "/", PROGRAM_PATH) !== "";
  } catch {
    return false;
  }
}

function parseReference(image: string): { repository: string; version: string } {
  const [name = "", digest] = image.split("@");
  const tag = /:([^/:]+)$/.exec(name)?.[1];
  const repository = (tag === undefined ? name : name.slice(0, -tag.length - 1)).replace(
    /^(?:index\.)?docker\.io\/(?:library\/)?/,
    "",
  );
  return { repository, version: digest ?? tag ?? "" };
}
