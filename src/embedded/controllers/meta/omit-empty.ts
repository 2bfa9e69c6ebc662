type Present<T> = { [Field in keyof T]?: Exclude<T[Field], undefined> };

/** Kubernetes leaves counts of zero, empty lists and empty texts out of most statuses. */
export function omitEmpty<T extends object>(fields: T): Present<T> {
  return Object.fromEntries(
    Object.entries(fields).filter(([, value]) => !isEmpty(value)),
  ) as Present<T>;
}

function isEmpty(value: unknown): boolean {
  if (Array.isArray(value)) return value.length === 0;
  return value === 0 || value === undefined || value === "";
}
