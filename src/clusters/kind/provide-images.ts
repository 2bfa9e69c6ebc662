import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { HarnessError } from "#domain/errors.ts";
import type { ImageBuild, Scenario } from "#domain/scenario.ts";
import { imagesOfObjects, type UsedImage } from "./images-of-objects.ts";
import type { KindTools } from "./kind-tools.ts";
import { ProgramError, runProgram } from "./run-program.ts";

/** The platform of the nodes: they are containers of this machine. */
const OWN_PLATFORM = `linux/${process.arch === "x64" ? "amd64" : process.arch}`;

/**
 * Brings the scenario's images onto the nodes before any pod asks for them: those it says how to build are
 * built and loaded; of the others, those that this machine has are loaded, so that no start waits for a
 * registry. What is nowhere here is left to the nodes to pull.
 */
export async function provideImages(
  { objects, builds = [] }: Pick<Scenario, "builds" | "objects">,
  cluster: { readonly name: string } & KindTools,
  signal: AbortSignal,
): Promise<void> {
  const used = imagesOfObjects(objects);
  for (const { image } of builds) refusePulling(used.filter((one) => one.image === image));
  for (const build of builds) {
    cluster.tell(`Building ${build.image} from ${build.context}.`);
    await buildImage(build, cluster, signal);
    await loadImage(build.image, cluster, signal);
  }
  const names = new Set(used.map(({ image }) => image));
  for (const image of names.difference(new Set(builds.map((one) => one.image)))) {
    if (await isHere(image, cluster, signal)) await loadIfPossible(image, cluster, signal);
  }
}

/** The nodes would ask a registry for what only this machine has. */
function refusePulling(uses: readonly UsedImage[]): void {
  const pulling = uses.find(({ pulls }) => pulls);
  if (pulling === undefined) return;
  const { image, container, object } = pulling;
  throw new HarnessError(
    "IMAGE_ALWAYS_PULLED",
    `Container ${container} of ${object} uses ${image}, which is built here and loaded into the nodes, but its imagePullPolicy is Always: the nodes would ask a registry for it and fail.`,
    {
      hint: "Set `imagePullPolicy: IfNotPresent` on the container. Always is also the default for the tag latest and for no tag at all; give the image another tag.",
    },
  );
}

async function buildImage(
  { image, context, args }: ImageBuild,
  { engine }: KindTools,
  signal: AbortSignal,
): Promise<void> {
  const given = args.filter((name) => process.env[name] !== undefined);
  await runProgram(
    {
      file: engine.name,
      args: [
        ...["build", "--tag", nameInEngine(image, engine.name)],
        ...given.flatMap((name) => ["--build-arg", name]), // the value comes from the environment
        context,
      ],
      attempt: `build the image ${image}`,
      advise: (words) => adviseOnBuild(words, args),
      // Attestations make an image an index, which `kind load` has trouble with.
      env: { BUILDX_NO_DEFAULT_ATTESTATIONS: "1" },
    },
    signal,
  );
}

function adviseOnBuild(words: string, args: readonly string[]): string {
  const unpulled = /pull access denied|failed to resolve|no such host|manifest unknown|not found/;
  const own = args.length === 0 ? "" : ` Another base may be given as ${args.join(", ")}=IMAGE.`;
  return unpulled.test(words)
    ? `The base image could not be had from its registry.${own}`
    : "The scenario says under `images:` what is built; the same command can be run by hand.";
}

async function isHere(image: string, { engine }: KindTools, signal: AbortSignal): Promise<boolean> {
  const args = ["image", "inspect", "--format", "{{.Id}}", nameInEngine(image, engine.name)];
  try {
    await runProgram({ file: engine.name, args, attempt: `look for ${image}` }, signal);
    return true;
  } catch (error) {
    if (error instanceof ProgramError) return false;
    throw error;
  }
}

/** A registry may still have what cannot be loaded. */
async function loadIfPossible(
  image: string,
  cluster: { readonly name: string } & KindTools,
  signal: AbortSignal,
): Promise<void> {
  try {
    await loadImage(image, cluster, signal);
  } catch (error) {
    if (!(error instanceof ProgramError)) throw error;
    cluster.tell(`${image} is here, but could not be loaded; the nodes will pull it.`);
  }
}

async function loadImage(
  image: string,
  { name, engine, tell }: { readonly name: string } & KindTools,
  signal: AbortSignal,
): Promise<void> {
  tell(`Loading ${image} into the nodes of ${name}.`);
  const attempt = `load the image ${image} into the kind cluster ${name}`;
  if (engine.name === "docker") {
    const args = ["load", "docker-image", image, "--name", name];
    try {
      await runProgram({ file: "kind", args, attempt, env: engine.env }, signal);
      return;
    } catch (error) {
      // kind wants each platform of an index, where the engine has pulled only its own.
      if (!(error instanceof ProgramError) || !/digest .*not found/.test(error.words ?? "")) {
        throw error;
      }
    }
  }
  // kind asks docker for an image by name, whatever engine its nodes run on; an archive serves all.
  const folder = await mkdtemp(join(tmpdir(), "lastcall-image-"));
  try {
    const archive = join(folder, "image.tar");
    const own = engine.name === "docker" ? ["--platform", OWN_PLATFORM] : [];
    const save = ["save", ...own, "--output", archive, nameInEngine(image, engine.name)];
    await runProgram({ file: engine.name, args: save, attempt: `save the image ${image}` }, signal);
    const load = ["load", "image-archive", archive, "--name", name];
    await runProgram({ file: "kind", args: load, attempt, env: engine.env }, signal);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

/** podman calls an image without a registry `localhost/…`, where a node would look for Docker Hub's. */
function nameInEngine(image: string, engine: KindTools["engine"]["name"]): string {
  if (engine !== "podman") return image;
  const [first = "", ...rest] = image.split("/");
  if (rest.length === 0) return `docker.io/library/${image}`;
  return /[.:]|^localhost$/.test(first) ? image : `docker.io/${image}`;
}
