import { existsSync, mkdirSync } from "node:fs";
import { isAbsolute, join } from "node:path";
import type { Container } from "#embedded/api/objects.ts";
import { ConfigError } from "./environment.ts";
import { expandVariables } from "./expand-variables.ts";
import type { Mount } from "./file-tree/prepare-file-tree.ts";

type VolumeMount = NonNullable<Container["volumeMounts"]>[number];

/** Where one container wants which volume; a part of a volume that is not there is made. */
export function mountsOf(
  container: Container,
  places: ReadonlyMap<string, string>,
  variables: Readonly<Record<string, string>>,
): readonly Mount[] {
  return (container.volumeMounts ?? []).flatMap((mount) => {
    const place = places.get(mount.name);
    if (place === undefined) return [];
    const subPath = checkedSubPath(mount, variables);
    const localPath = join(place, subPath);
    if (!existsSync(localPath)) mkdirSync(localPath, { recursive: true });
    return [{ containerPath: mount.mountPath, localPath, readOnly: mount.readOnly ?? false }];
  });
}

function checkedSubPath(mount: VolumeMount, variables: Readonly<Record<string, string>>): string {
  const { subPath, subPathExpr, name } = mount;
  const path = subPathExpr ? expandVariables(subPathExpr, variables) : (subPath ?? "");
  if (subPathExpr && /\$\([^)]*\)/.test(path)) {
    throw new ConfigError(`missing value for ${JSON.stringify(path.slice(2, -1))}`);
  }
  if (isAbsolute(path))
    throw new ConfigError(`error SubPath \`${path}\` must not be an absolute path`);
  if (path.split("/").includes("..")) {
    throw new ConfigError(
      `unable to provision SubPath \`${path}\` of ${name}: must not contain '..'`,
    );
  }
  return path;
}
