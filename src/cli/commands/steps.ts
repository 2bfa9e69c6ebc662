import { parseArgs } from "node:util";
import { loadConfiguration, loadSupport } from "@cucumber/cucumber/api";
import type { Command } from "#cli/command.ts";
import { registeredSteps, type Step, supportCode } from "#cli/features/support-code.ts";
import { EXIT_CODE } from "#domain/verdict.ts";

/** Lists what a feature can say, out of the very step definitions that run it. */
export const stepsCommand: Command = {
  usage: `lastcall steps [--markdown]

Lists every sentence that a feature can say, in English, Traditional Chinese and Simplified Chinese, with one line
about what it does. In braces stands what you choose: {int} is a whole number, {string} a text in quotes.

  --markdown   as a page, which is how docs/steps.md is made`,
  async run(args, { out }) {
    const { values } = parseArgs({ args: [...args], options: { markdown: { type: "boolean" } } });
    const steps = await loadSteps();
    out.write(values.markdown === true ? describeAsPage(steps) : describeAsText(steps));
    return EXIT_CODE.pass;
  },
};

async function loadSteps(): Promise<readonly Step[]> {
  const { runConfiguration } = await loadConfiguration({
    file: false,
    provided: { import: supportCode(), paths: [] },
  });
  await loadSupport(runConfiguration);
  return await registeredSteps();
}

function describeAsText(steps: readonly Step[]): string {
  const blocks = steps.map(({ keyword, phrases, about }) =>
    [...phrases.map((phrase) => `${keyword} ${phrase}`), `    ${about}`].join("\n"),
  );
  return `${blocks.join("\n\n")}\n`;
}

function describeAsPage(steps: readonly Step[]): string {
  const sections = ["Given", "When", "Then"].map((keyword) => {
    const items = steps
      .filter((step) => step.keyword === keyword)
      .map(
        ({ phrases, about }) =>
          `- ${phrases.map((phrase) => `\`${phrase}\``).join("<br>")}<br>${about}`,
      );
    return `## ${keyword}\n\n${items.join("\n")}`;
  });
  return `${[
    "# Steps",
    "Every sentence that a feature can say, in English, Traditional Chinese and Simplified Chinese; made by `lastcall steps --markdown`. `{int}` is a whole number, `{word}` a word, `{string}` a text in quotes; `(s)` may be there or not, and of `is/are` one is written.",
    ...sections,
  ].join("\n\n")}\n`;
}
