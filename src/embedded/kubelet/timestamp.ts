/** An instant as the API writes it: RFC 3339, whole seconds, rounded down. */
export function timestamp(atMs: number): string {
  return new Date(atMs).toISOString().replace(/\.\d+Z$/, "Z");
}
