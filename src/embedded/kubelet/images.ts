import type { Container } from "#embedded/api/objects.ts";

/** A local directory and command that stand for a container image. */
export interface ImageMapping {
  readonly image: string;
  readonly directory: string;
  readonly command: readonly string[];
}

export interface LocalImage {
  /** The working directory of a container that names none. */
  readonly directory: string;
  /** The entry point: a container's `command` replaces it, its `args` are appended to it. */
  readonly command: readonly string[];
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
    const { directory, command } = mapping;
    return { directory, command, imageID: `directory://${directory}` };
  }
  if (wanted.repository !== "node") return undefined;
  return { directory: "/", command: ["node"], imageID: `executable://${process.execPath}` };
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
    command.length > 0 ? [...command, ...args] : [...image.command, ...args];
  if (program === undefined) return [];
  return [program === "node" ? process.execPath : program, ...rest];
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
