import { setTimeout as sleep } from "node:timers/promises";
import type { Bank } from "./bank.ts";

/** How long one receipt takes, and how long to wait when there is none. */
const MAILING_MS = 20;
const PAUSE_MS = 100;

/** Mails receipts one by one until it is told to stop. */
export interface Mailer {
  /** Resolves when the receipt in its hands is mailed; it takes no other. */
  stop(): Promise<void>;
}

export function startMailer(bank: Bank): Mailer {
  let stopped = false;
  const working = (async () => {
    while (!stopped) {
      const key = bank.holdReceipt();
      await sleep(key === undefined ? PAUSE_MS : MAILING_MS);
      if (key !== undefined) bank.mailReceipt(key);
    }
  })();
  return {
    stop: async () => {
      stopped = true;
      await working;
    },
  };
}
