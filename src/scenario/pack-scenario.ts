import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join, relative } from "node:path";
import { parseDocument } from "yaml";
import { UsageError } from "#domain/errors.ts";
import type { PackedFiles } from "#domain/nightly-manifests.ts";
import { findScenario } from "./find-scenario.ts";
import { loadScenario } from "./load-scenario.ts";

/** A ConfigMap may hold 1 MiB; its names and what the API adds are part of that. */
const MOST_BYTES = 900_000;

/**
 * The files of a scenario as a real cluster needs them: without the programs that stand for images, which
 * only the embedded cluster runs. What is packed was read back, so that it is complete.
 */
export async function packScenario(path?: string): Promise<PackedFiles> {
  const file = findScenario(path);
  const directory = dirname(file);
  const { images } = await loadScenario(path);
  const programs = images.map((image) => image.directory);
  const packed: Record<string, string> = {};
  for (const found of await filesBelow(directory, programs)) {
    packed[relative(directory, found)] = await readFile(found, "utf8");
  }
  packed["scenario.yaml"] = withoutImages(await readFile(file, "utf8"));
  await requireComplete(packed, directory);
  return packed;
}

async function filesBelow(directory: string, without: readonly string[]): Promise<string[]> {
  const entries = await readdir(directory, { withFileTypes: true });
  const found = await Promise.all(
    entries.map(async (entry) => {
      const path = join(directory, entry.name);
      if (entry.isDirectory()) {
        const skipped = entry.name === "node_modules" || without.includes(path);
        return skipped ? [] : await filesBelow(path, without);
      }
      return entry.isFile() && /\.(?:ya?ml|json|sql)$/.test(entry.name) ? [path] : [];
    }),
  );
  return found.flat().toSorted();
}

function withoutImages(text: string): string {
  const document = parseDocument(text);
  document.delete("images");
  return document.toString({ lineWidth: 0 });
}

async function requireComplete(packed: PackedFiles, directory: string): Promise<void> {
  const bytes = Object.values(packed).reduce((sum, text) => sum + Buffer.byteLength(text), 0);
  if (bytes > MOST_BYTES) {
    throw new UsageError(
      "SCENARIO_TOO_LARGE",
      `The files of ${directory} have ${bytes} bytes; a ConfigMap holds ${MOST_BYTES}.`,
      { hint: "Move what is no part of the scenario out of its folder." },
    );
  }
  const folder = await mkdtemp(join(tmpdir(), "lastcall-pack-"));
  try {
    for (const [path, text] of Object.entries(packed)) {
      await mkdir(dirname(join(folder, path)), { recursive: true });
      await writeFile(join(folder, path), text);
    }
    await loadScenario(folder);
  } catch (error) {
    if (!(error instanceof UsageError)) throw error;
    throw new UsageError(
      "SCENARIO_NOT_PORTABLE",
      `The scenario ${directory} cannot be read where it has only the YAML, JSON and SQL files of its folder: ${error.message}`,
      { hint: "Put all that it refers to into its own folder.", cause: error },
    );
  } finally {
    await rm(folder, { recursive: true });
  }
}
