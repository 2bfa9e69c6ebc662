import { existsSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import type { Scenario } from "#domain/scenario.ts";
import { lastcallVersion } from "./build.ts";

/*
 * The image that load workers inside a cluster run: part of the composition root, because it is this very
 * program.
 */

/** How a load from inside the cluster is wanted. */
export interface InsideSettings {
  readonly workers: number;
  /** Absent: the image of this version. */
  readonly image?: string;
}

/** What the pods of the load workers run, in a container and as a program of this machine. */
export interface Runner {
  readonly workers: number;
  readonly image: string;
  /** Whether the image is the one that this checkout makes. */
  readonly own: boolean;
  readonly program: readonly string[];
}

/** The image asked for, or `lastcall/runner` in this version. */
export async function runnerOf({ workers, image }: InsideSettings): Promise<Runner> {
  return {
    workers,
    image: image ?? `lastcall/runner:${await lastcallVersion()}`,
    own: image === undefined,
    program: [
      process.execPath,
      ...process.execArgv,
      fileURLToPath(import.meta.resolve("#load-worker.ts")),
    ],
  };
}

/**
 * The scenario as the cluster has to know it: on the embedded cluster the image is this program, and on kind
 * it is built and loaded where the Dockerfile is there.
 */
export function withRunner(scenario: Scenario, { image, program, own }: Runner): Scenario {
  const checkout = dirname(import.meta.dirname);
  const build = { image, context: checkout, args: ["BASE_IMAGE"] };
  const canBuild = own && existsSync(join(checkout, "Dockerfile"));
  return {
    ...scenario,
    images: [...scenario.images, { image, directory: process.cwd(), command: program }],
    ...(canBuild && { builds: [...(scenario.builds ?? []), build] }),
  };
}
