import { type Document, isMap, isScalar, parseDocument, type YAMLMap } from "yaml";
import { UsageError } from "#domain/errors.ts";
import type { WorkloadRef } from "#domain/workload.ts";
import { describeProblems } from "#scenario/problem.ts";
import { keepLines } from "./keep-lines.ts";
import { mergePatch } from "./merge-patch.ts";

interface PatchedManifest {
  readonly text: string;
  /** For each patch in turn what of it the manifest could not take, one sentence each. */
  readonly complaints: readonly (readonly string[])[];
}

interface ManifestPatch {
  /** For messages. */
  readonly file: string;
  readonly workload: WorkloadRef;
  /** Strategic merge patches; where two set the same, the first wins. */
  readonly patches: readonly string[];
}

/**
 * Nothing is read as a number or a date: what looks like one, or like a secret octal, is written again as it
 * stood.
 */
const AS_TEXT = { schema: "failsafe" } as const;

/** The manifest with the patches merged into its workload; the other documents stay to the letter. */
export function patchManifest(text: string, patch: ManifestPatch): PatchedManifest {
  const chunks = splitDocuments(text);
  const documents = chunks.map((chunk, index) => parseChunk(chunk, chunks.slice(0, index), patch));
  const wanted = documents.findIndex((document) => isWorkload(document, patch.workload));
  const chunk = chunks[wanted];
  const document = documents[wanted];
  if (chunk === undefined || document === undefined || !isMap(document.contents)) {
    throw missingWorkload(documents, patch);
  }
  const format = formatOf(document, chunk);
  const rewritten = document.toString(format);
  const complaints = patch.patches.map((): string[] => []);
  for (const [index, change] of [...patch.patches.entries()].toReversed()) {
    const { contents } = parseDocument<YAMLMap>(change, AS_TEXT);
    if (!isMap(contents)) continue;
    mergePatch(document.contents, contents, { document, complaints: complaints[index] ?? [] });
  }
  const patched = keepLines(chunk, { rewritten, patched: document.toString(format) });
  return { text: chunks.with(wanted, patched).join(""), complaints };
}

/** Each with the `---` that begins it: at the start of a line it is never anything else. */
function splitDocuments(text: string): readonly string[] {
  return text.split(/^(?=---(?:\s|$))/m);
}

function parseChunk(chunk: string, before: readonly string[], { file }: ManifestPatch): Document {
  const document = parseDocument(chunk, { ...AS_TEXT, prettyErrors: false });
  const problems = document.errors.map((error) => ({
    file,
    line: linesIn(before.join("")) + linesIn(chunk.slice(0, error.pos[0])) + 1,
    sentence: `no valid YAML: ${error.message}`,
  }));
  if (problems.length === 0) return document;
  throw describeProblems("BAD_MANIFEST", problems, "Nothing was changed.");
}

function linesIn(text: string): number {
  return text.split("\n").length - 1;
}

function isWorkload(document: Document, { kind, name }: WorkloadRef): boolean {
  return textAt(document, ["kind"]) === kind && textAt(document, ["metadata", "name"]) === name;
}

function textAt(document: Document, path: readonly string[]): string {
  if (!isMap(document.contents)) return "";
  const node = document.getIn(path, true);
  return isScalar(node) ? String(node.value) : "";
}

/** Lists are indented below their key or not, and a manifest keeps to its own way. */
function formatOf(document: Document, chunk: string) {
  const lines = new Set(chunk.split("\n"));
  const formats = [true, false].map((indentSeq) => ({ lineWidth: 0, indentSeq }));
  const strange = (format: { readonly indentSeq: boolean; readonly lineWidth: number }) =>
    document
      .toString(format)
      .split("\n")
      .filter((line) => !lines.has(line)).length;
  return formats.toSorted((a, b) => strange(a) - strange(b))[0];
}

function missingWorkload(documents: readonly Document[], { file, workload }: ManifestPatch): Error {
  const held = documents
    .map((document) => `${textAt(document, ["kind"])}/${textAt(document, ["metadata", "name"])}`)
    .filter((name) => name !== "/");
  const { kind, name } = workload;
  return new UsageError("NO_WORKLOAD", `${file} does not hold the ${kind} ${name} of this run.`, {
    hint: held.length === 0 ? "It holds no Kubernetes object." : `It holds ${held.join(", ")}.`,
  });
}
