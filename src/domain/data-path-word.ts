/**
 * What the data path said of one connection to the load's Service: where it came in, and to whom it was
 * led. Stamped on arrival, like every observation.
 */
export interface DataPathWord {
  readonly atMs: number;
  /** Where the connection was opened: a place among the load's entrances, from 1. */
  readonly entrance: number;
  /** The port it was opened from. */
  readonly clientPort: number;
  /** The address that was chosen for it; absent when there was nobody to choose. */
  readonly backend?: string | undefined;
  /** The backend was asked and refused; told only by a data path that passes connections on itself. */
  readonly refused: boolean;
}
