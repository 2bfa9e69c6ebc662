/** One machine, by whatever turns it on and off; every method throws when it is not to be had from here. */
export interface Machine {
  reach(signal: AbortSignal): Promise<void>;
  /** Resolves when it is off. */
  shutDown(signal: AbortSignal): Promise<void>;
  lose(signal: AbortSignal): Promise<void>;
  turnOn(signal: AbortSignal): Promise<"turned-on" | "was-on">;
  /** SIGKILL, which PID 1 of a container heeds only when it comes from outside. */
  killContainer(id: string, signal: AbortSignal): Promise<void>;
}
