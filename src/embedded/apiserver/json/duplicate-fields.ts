/** A string, or one of the marks that make the structure; numbers and words say nothing here. */
const TOKEN = /"(?:[^"\\]|\\.)*"|[{}[\],:]/g;

interface Level {
  /** Undefined in an array. */
  readonly names: Set<string> | undefined;
  readonly path: string;
  index: number;
  /** The field that the next value belongs to. */
  field: string;
}

/** The paths of fields that a valid JSON text gives more than once, `spec.replicas`; each is told once. */
export function findDuplicateFields(text: string): readonly string[] {
  const duplicates = new Set<string>();
  const levels: Level[] = [];
  let expectsName = false;
  for (const [token] of text.matchAll(TOKEN)) {
    const level = levels.at(-1);
    if (token === "{" || token === "[") {
      const names = token === "{" ? new Set<string>() : undefined;
      levels.push({ names, path: pathBelow(level), index: 0, field: "" });
      expectsName = token === "{";
    } else if (token === "}" || token === "]") {
      levels.pop();
      expectsName = false;
    } else if (token === ",") {
      if (level !== undefined) level.index += 1;
      expectsName = level?.names !== undefined;
    } else if (expectsName && level?.names !== undefined && token !== ":") {
      level.field = JSON.parse(token) as string;
      if (level.names.has(level.field)) duplicates.add(pathBelow(level));
      level.names.add(level.field);
      expectsName = false;
    }
  }
  return [...duplicates];
}

function pathBelow(level: Level | undefined): string {
  if (level === undefined) return "";
  if (level.names === undefined) return `${level.path}[${level.index}]`;
  return level.path === "" ? level.field : `${level.path}.${level.field}`;
}
