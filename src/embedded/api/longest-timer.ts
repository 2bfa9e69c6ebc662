/** A timer of Node.js holds 24 days and fires at once when it is given more, as a grace period may be. */
export const LONGEST_TIMER_MS = 2 ** 31 - 1;
