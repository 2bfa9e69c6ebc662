import { globSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { parseDocument } from "yaml";
import { main } from "#cli/main.ts";

/*
 * What the documents tell a reader to copy: YAML that is YAML, and commands that exist with these options.
 * Whether a foreign CI takes the snippet as it stands is not tested here.
 */
const repository = join(import.meta.dirname, "../..");
const documents = globSync(["README.md", "docs/*.md", "action.yml"], { cwd: repository });

interface Told {
  readonly document: string;
  readonly command: string;
}

function commandsIn(document: string): readonly Told[] {
  const text = readFileSync(join(repository, document), "utf8").replaceAll("\\\n", " ");
  const found = text.matchAll(
    /^[^#\n]*?(?:npx (?:--yes )?)?lastcall(?:@\S+)? ((?:[a-z-]+)(?: [^\n`|]*)?)/gm,
  );
  return [...found]
    .map(([line, command = ""]) => ({ line, command: command.replace(/\s#.*/, "") }))
    .filter(({ line }) => /(?:^|- run: |- |sh ')\s*(?:npx .*)?lastcall/.test(line.trim()))
    .map(({ command }) => ({ document, command }));
}

/** The page of a command, or the list of them all. */
async function usageOf(...name: readonly string[]): Promise<string> {
  let output = "";
  const stream = { write: (text: string) => (output += text) };
  expect(await main(["help", ...name], { out: stream, err: stream })).toBe(0);
  return output;
}

describe("what the documents tell to type", () => {
  const commands = documents.flatMap(commandsIn);

  it("is found at all", () => {
    expect(commands.length).toBeGreaterThan(10);
    expect(commands.filter(({ document }) => document === "docs/ci.md").length).toBeGreaterThan(3);
  });

  it.each(commands)("$document: lastcall $command", async ({ command }) => {
    const [ours = ""] = command.split(/ -- /);
    const [name = "", ...words] = ours.split(/\s+/);
    const usage = await usageOf(name);
    const options = words.filter((word) => /^--[a-z]/.test(word)).map((word) => word.split("=")[0]);
    for (const option of options) expect(usage).toContain(option);
  });
});

describe("the README's table of commands", () => {
  it("names each command, and no other", async () => {
    const readme = readFileSync(join(repository, "README.md"), "utf8");
    const [, section = ""] = /^## Commands\n(.*?)^## /ms.exec(readme) ?? [];
    const rows = [...section.matchAll(/^\| (`.*?) \|/gm)].map(([, cell = ""]) => cell);
    const told = rows.flatMap((cell) => [...cell.matchAll(/`([a-z-]+) ?[^`]*`/g)]);
    const help = await usageOf();
    const known = [...help.matchAll(/^ {2}([a-z][a-z-]+) {2,}\S/gm)].map(([, name]) => name);
    const isName = (name = "") => known.includes(name);
    expect(new Set(told.map(([, name]) => name).filter(isName))).toEqual(
      new Set(known.filter((name) => name !== "help")),
    );
    for (const cell of rows) expect(known).toContain(/^`([a-z-]+)/.exec(cell)?.[1]);
  });
});

describe("YAML in the documents", () => {
  const blocks = documents
    .filter((document) => document.endsWith(".md"))
    .flatMap((document) =>
      [...readFileSync(join(repository, document), "utf8").matchAll(/^```yaml\n(.*?)^```/gms)].map(
        ([, text = ""]) => ({ document, text, start: text.split("\n")[0] }),
      ),
    );

  it.each(blocks)("$document: $start", ({ text }) => {
    expect(parseDocument(text).errors).toEqual([]);
  });
});
