import { constants } from "node:os";

/**
 * The signal that a command sends to process 1 and nothing else: `kill 1`, `kill -s TERM 1`, `kill -15 1`, or a shell
 * that is asked for one of them. Undefined for every other command.
 */
export function killOfPidOne(command: readonly string[]): NodeJS.Signals | undefined {
  const [program = "", flag, script = "", ...rest] = command;
  const isShell = /(?:^|\/)(?:ba|da|a)?sh$/.test(program) && flag === "-c" && rest.length === 0;
  const words = isShell ? script.trim().split(/\s+/) : command;
  const kill = /^(?:\S*\/)?kill (?:-(?:s )?(?:SIG)?([A-Z0-9]+) )?1$/.exec(words.join(" "));
  if (kill === null) return undefined;
  const [, asked = "TERM"] = kill;
  const numbered = Object.entries(constants.signals).find(([, number]) => `${number}` === asked);
  const signal = numbered?.[0] ?? `SIG${asked}`;
  return Object.hasOwn(constants.signals, signal) ? (signal as NodeJS.Signals) : undefined; // its keys are these
}
