/** What a path below `/api` or `/apis` points at. */
export interface RequestTarget {
  readonly group: string;
  readonly version: string;
  readonly plural: string;
  readonly namespace?: string;
  readonly name?: string;
  readonly subresource?: string;
  /** What follows the subresource: a proxied path. */
  readonly rest?: string;
}

/** Reads `/apis/apps/v1/namespaces/default/deployments/web/scale`; undefined for any other path. */
export function parseRequestTarget(path: string): RequestTarget | undefined {
  const segments = path.split("/").filter((segment) => segment !== "");
  const [root, ...below] = segments.map(decodeURIComponent);
  if (root === "api") return targetIn("", below);
  if (root !== "apis") return undefined;
  const [group, ...rest] = below;
  return group === undefined ? undefined : targetIn(group, rest);
}

function targetIn(group: string, segments: readonly string[]): RequestTarget | undefined {
  const [version, ...path] = segments;
  if (version === undefined || path.length === 0) return undefined;
  const place = { group, version };
  // `namespaces/x` alone is the Namespace itself, and so are its two subresources.
  const [first, namespace, plural, ...rest] = path;
  const isNamespaced = first === "namespaces" && plural !== undefined;
  if (isNamespaced && !(rest.length === 0 && (plural === "status" || plural === "finalize"))) {
    return { ...place, namespace: namespace ?? "", plural, ...named(rest) };
  }
  return { ...place, plural: first ?? "", ...named(path.slice(1)) };
}

function named(segments: readonly string[]): Pick<RequestTarget, "name" | "subresource" | "rest"> {
  const [name, subresource, ...rest] = segments;
  return {
    ...(name === undefined ? {} : { name }),
    ...(subresource === undefined ? {} : { subresource }),
    ...(rest.length === 0 ? {} : { rest: `/${rest.join("/")}` }),
  };
}
