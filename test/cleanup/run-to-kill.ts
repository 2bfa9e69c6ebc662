import { writeSync } from "node:fs";
import type { Disruption } from "#domain/disruption.ts";
import { startRun } from "#harness.ts";
import { loadScenario } from "#scenario/load-scenario.ts";

/*
 * A run in a process of its own, to be killed: arguments are the scenario's folder, the reports' folder and
 * the disruptions as JSON. It says `disrupting` when the first of them begins, and `done` at its end.
 */
const [scenarioPath = "", reportsDir = "", text = "[]"] = process.argv.slice(2);
const disruptions = JSON.parse(text) as readonly Disruption[]; // written by the test
const started = await startRun({
  scenario: await loadScenario(scenarioPath),
  cluster: "context:embedded",
  reportsDir,
  output: {
    write: (line) =>
      void (
        /^(?:rolling|scaling|drain|cordoning|NoExecute|undoing)/m.test(String(line)) &&
        say("disrupting")
      ),
  },
  signal: new AbortController().signal,
});
await started.run.disruptUnderLoad(disruptions);
await started.stop();
say("done");

/** At once: what is buffered is lost with the process. */
function say(word: string): void {
  writeSync(1, `${word}\n`);
}
