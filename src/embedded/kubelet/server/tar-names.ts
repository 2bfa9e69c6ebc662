import type { ProcessSpec } from "#embedded/kubelet/runtime/container-runtime.ts";

/**
 * `kubectl cp` runs `tar cf - PATH`, and takes from the archive only what bears the name that it has asked
 * for. Where the path was rewritten to a directory of this machine, tar is told to give the names back.
 */
export function withAskedNames(asked: readonly string[], spec: ProcessSpec): ProcessSpec {
  const isArchive = asked[0] === "tar" && /^-?c/.test(asked[1] ?? "");
  if (!isArchive) return spec;
  const renames = asked.flatMap((path, index) => {
    const local = spec.command[index];
    if (index === 0 || local === undefined || local === path || !path.startsWith("/")) return [];
    return [`--transform=s,^/*${literal(local)},${replacement(path)},`];
  });
  return { ...spec, command: [...spec.command, ...renames] };
}

function literal(path: string): string {
  return relative(path).replace(/[.*[\]^$\\,]/g, "\\$&");
}

/** There the delimiter, and what stands for something else, mean themselves after a backslash. */
function replacement(path: string): string {
  return relative(path).replace(/[&\\,]/g, "\\$&");
}

function relative(path: string): string {
  return path.replace(/^\/+/, "");
}
