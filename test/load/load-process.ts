import { setTimeout as sleep } from "node:timers/promises";
import { startLoad } from "#load/start-load.ts";
import type { LoadPlan } from "#ports/load-driver.ts";

/** A load in a process of its own, for what can only be set when a process starts. */
const plan = JSON.parse(process.argv[2] ?? "") as LoadPlan; // written by runInProcess
const load = await startLoad(plan);
await sleep(Number(process.argv[3]));
process.stdout.write(JSON.stringify(await load.stop()));
