/** Something that held from an instant on, in milliseconds since the action began; -1 from before it. */
export interface Timed<T> {
  readonly atMs: number;
  readonly value: T;
}
