import { statSync } from "node:fs";
import { resolve } from "node:path";
import type { ImageMapping } from "#domain/scenario.ts";
import { listReader, TEXT } from "./readers.ts";
import type { Reader, YamlValue } from "./yaml-value.ts";

const EXPECTED = "a mapping from image to { directory, command }";

const COMMAND = listReader("a list of words, such as [node, server.ts]", TEXT);

/**
 * Which local program stands for which image. A mapping that no container would use is a slip;
 * `imagesInUse` is absent where the manifests could not be read.
 */
export function imagesReader(
  scenarioDirectory: string,
  imagesInUse: readonly string[] | undefined,
): Reader<readonly ImageMapping[]> {
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
      return fields.names
        .map((image) => fields.required(image, programReader(image, scenarioDirectory)))
        .filter((mapping) => mapping !== undefined);
    },
  };
}

function programReader(image: string, scenarioDirectory: string): Reader<ImageMapping> {
  return {
    expected: EXPECTED,
    read: (value: YamlValue) => {
      const fields = value.fields(
        "a mapping such as { directory: app, command: [node, server.ts] }",
      );
      if (fields === undefined) return undefined;
      const directory = fields.required("directory", folderReader(scenarioDirectory));
      const command = fields.required("command", COMMAND);
      fields.refuseOthers();
      if (directory === undefined || command === undefined) return undefined;
      return { image, directory, command };
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
