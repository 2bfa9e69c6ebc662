/** As in Kubernetes' objects: RFC 3339 in whole seconds, which rounds every duration computed from it. */
export function timestamp(atMs: number): string {
  return new Date(atMs).toISOString().replace(/\.\d+Z$/, "Z");
}

/** Leases and some events keep microseconds. */
export function microTimestamp(atMs: number): string {
  return new Date(atMs).toISOString().replace("Z", "000Z");
}
