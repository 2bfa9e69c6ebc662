import { AfterAll } from "@cucumber/cucumber";
import { openWatchers, type WatcherChoice, type Watchers } from "#watchers.ts";

let opened: Promise<Watchers> | undefined;

/** Those who follow the runs of this process, the same for all its scenarios. */
export function sharedWatchers(choice: WatcherChoice): Promise<Watchers> {
  opened ??= openWatchers(choice).then((watchers) => {
    if (watchers.url !== undefined) process.stdout.write(`Live: ${watchers.url}\n`);
    return watchers;
  });
  return opened;
}

AfterAll({ timeout: -1 }, async () => {
  const watchers = await opened?.catch(() => undefined); // why it could not open has been told
  await watchers?.stop();
  opened = undefined;
});
