/** What one run of a probe has shown. Only success and failure count towards the thresholds. */
export type ProbeOutcome =
  | { readonly type: "success" }
  /** A success with a reservation, which becomes an event. */
  | { readonly type: "warning"; readonly message: string }
  | { readonly type: "failure"; readonly message: string }
  /** The probe itself could not be run; its result is thrown away. */
  | { readonly type: "error"; readonly message: string };
