import { type Document, LineCounter, type Node, parseAllDocuments } from "yaml";
import type { Problem } from "./problem.ts";

/** One YAML file: its documents, which line each node stands on, and what is wrong with it. */
export class YamlSource {
  readonly file: string;
  readonly documents: readonly Document.Parsed[];
  readonly #lines = new LineCounter();
  readonly #problems: Problem[];

  /** Problems are added to `problems`, syntax errors at once; a file that has these has no documents. */
  constructor(file: string, text: string, problems: Problem[]) {
    this.file = file;
    this.#problems = problems;
    const parsed = parseAllDocuments(text, {
      lineCounter: this.#lines,
      prettyErrors: false,
      version: "1.1",
      // Kubernetes reads YAML 1.1, with its merge keys and octal numbers; but what looks like a date or
      // like 22:30 is text to its parser.
      customTags: (tags) =>
        tags.filter(
          (tag) =>
            typeof tag === "string" || !(tag.format === "TIME" || tag.tag.endsWith(":timestamp")),
        ),
    });
    const documents = [...parsed];
    const errors = documents.flatMap((document) => document.errors);
    for (const error of errors) this.#report(error.pos[0], `no valid YAML: ${error.message}`);
    this.documents = errors.length > 0 ? [] : documents;
  }

  /** A node that is not there stands where the file begins. */
  report(node: Node | null | undefined, sentence: string): undefined {
    this.#report(node?.range?.[0] ?? 0, sentence);
  }

  #report(offset: number, sentence: string): void {
    this.#problems.push({ file: this.file, line: this.#lineAt(offset), sentence });
  }

  #lineAt(offset: number): number {
    return Math.max(1, this.#lines.linePos(offset).line);
  }
}
