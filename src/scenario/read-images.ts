import { existsSync, statSync } from "node:fs";
import { join, resolve } from "node:path";
import type { ImageBuild, ImageMapping } from "#domain/scenario.ts";
import { listReader, TEXT } from "./readers.ts";
import type { Reader, YamlFields, YamlValue } from "./yaml-value.ts";

const EXPECTED = "a mapping from image to { directory, command, build }";

/** What stands for an image: a program on the embedded cluster, a Dockerfile where nodes run containers. */
export interface ScenarioImages {
  readonly images: readonly ImageMapping[];
  readonly builds: readonly ImageBuild[];
}

const COMMAND = listReader("a list of words, such as [node, server.ts]", TEXT);

/**
 * Which local program stands for which image, and how it is built for real. A mapping that no container would use is a slip;
 * `imagesInUse` is absent where the manifests could not be read.
 */
export function imagesReader(
  scenarioDirectory: string,
  imagesInUse: readonly string[] | undefined,
): Reader<ScenarioImages> {
  return {
    expected: EXPECTED,
    read: (value) => {
      const fields = value.fields(EXPECTED);
      if (fields === undefined) return undefined;
      for (const image of fields.names) {
        if (imagesInUse === undefined || imagesInUse.includes(image)) continue;
        const inUse = imagesInUse.length === 0 ? "no image" : imagesInUse.join(", ");
        fields.at(image).report(`is the image of no container; the manifests use ${inUse}`);
      }
      const read = fields.names
        .map((image) => fields.required(image, imageReader(image, scenarioDirectory)))
        .filter((entry) => entry !== undefined);
      return {
        images: read.flatMap(({ program }) => program ?? []),
        builds: read.flatMap(({ build }) => build ?? []),
      };
    },
  };
}

interface ImageEntry {
  readonly program?: ImageMapping;
  readonly build?: ImageBuild;
}

function imageReader(image: string, base: string): Reader<ImageEntry> {
  return {
    expected: EXPECTED,
    read: (value: YamlValue) => {
      const fields = value.fields(
        "a mapping such as { directory: app, command: [node, server.ts] }",
      );
      if (fields === undefined) return undefined;
      const build = fields.optional("build", buildReader(image, base));
      // An image that is only built runs on real clusters alone, and that has to be said: `build` stands alone.
      const builtOnly = fields.names.length === 1 && fields.names[0] === "build";
      const program = builtOnly ? undefined : readProgram(fields, image, base);
      fields.refuseOthers();
      return { ...(program !== undefined && { program }), ...(build !== undefined && { build }) };
    },
  };
}

function readProgram(fields: YamlFields, image: string, base: string): ImageMapping | undefined {
  const directory = fields.required("directory", folderReader(base));
  const command = fields.required("command", COMMAND);
  if (directory === undefined || command === undefined) return undefined;
  return { image, directory, command };
}

const ARGS = listReader("a list of names, such as [BASE_IMAGE]", TEXT);

/** `build: .`, or with the build arguments that the environment may set. */
function buildReader(image: string, base: string): Reader<ImageBuild> {
  const expected = "the folder of a Dockerfile, or { context, args }";
  return {
    expected,
    read: (value) => {
      if (!value.isMapping) {
        const context = dockerfileReader(base).read(value);
        return context === undefined ? undefined : { image, context, args: [] };
      }
      const fields = value.fields(expected);
      const context = fields?.required("context", dockerfileReader(base));
      const args = fields?.optional("args", ARGS) ?? [];
      fields?.refuseOthers();
      return context === undefined ? undefined : { image, context, args };
    },
  };
}

function dockerfileReader(base: string): Reader<string> {
  const folder = folderReader(base);
  return {
    expected: "the folder of a Dockerfile",
    read: (value) => {
      const directory = folder.read(value);
      if (directory === undefined || existsSync(join(directory, "Dockerfile"))) return directory;
      return value.report(`is "${value.text}", but there is no Dockerfile in ${directory}`);
    },
  };
}

function folderReader(base: string): Reader<string> {
  const expected = "a folder, named from the scenario's own";
  return {
    expected,
    read: (value) => {
      if (value.text === undefined) return value.refuse(expected);
      const directory = resolve(base, value.text);
      if (statSync(directory, { throwIfNoEntry: false })?.isDirectory() === true) return directory;
      return value.report(`is "${value.text}", but there is no folder ${directory}`);
    },
  };
}
