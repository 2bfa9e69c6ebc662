import { readFile } from "node:fs/promises";
import { type Document, isCollection, type Node } from "yaml";
import type { KubernetesObject } from "#domain/workload.ts";
import type { Problem } from "./problem.ts";
import { YamlSource } from "./yaml-source.ts";

/** A Kubernetes object that can still say where it was written. */
export interface Manifest {
  readonly object: KubernetesObject;
  /** Reports a sentence about the object, which begins with a verb. */
  report(sentence: string): undefined;
}

/** Undefined when there is no such file; what is wrong inside of it is added to `problems`. */
export async function loadManifests(
  file: string,
  problems: Problem[],
): Promise<readonly Manifest[] | undefined> {
  let text: string;
  try {
    text = await readFile(file, "utf8");
  } catch {
    return undefined;
  }
  const source = new YamlSource(file, text, problems);
  return source.documents.flatMap((document) => readDocument(source, document));
}

function readDocument(source: YamlSource, document: Document.Parsed): readonly Manifest[] {
  const node = document.contents;
  try {
    const value = document.toJS();
    // Nothing but comments, as after a last "---".
    return node === null || value === null ? [] : readObject(source, node, value);
  } catch (error) {
    source.report(node, `this cannot be read: ${String(error)}`); // an alias without anchor
    return [];
  }
}

function readObject(source: YamlSource, node: Node, value: unknown): readonly Manifest[] {
  const missing = missingFields(value);
  if (isMapping(value) && value["kind"] === "List" && Array.isArray(value["items"])) {
    return value["items"].flatMap((item, index) => {
      const itemNode = isCollection(node) ? node.getIn(["items", index], true) : undefined;
      return readObject(source, (itemNode as Node | undefined) ?? node, item); // `true` keeps nodes
    });
  }
  if (missing.length > 0) {
    source.report(node, `this is no Kubernetes object: it lacks ${missing.join(", ")}`);
    return [];
  }
  const object = value as KubernetesObject; // missingFields has looked
  const name = `${object.kind}/${object.metadata.name}`;
  return [{ object, report: (sentence) => source.report(node, `${name} ${sentence}`) }];
}

function missingFields(value: unknown): readonly string[] {
  const object = isMapping(value) ? value : {};
  const metadata = isMapping(object["metadata"]) ? object["metadata"] : {};
  return [
    ["apiVersion", object["apiVersion"]],
    ["kind", object["kind"]],
    ["metadata.name", metadata["name"]],
  ].flatMap(([field, text]) => (typeof text === "string" && text !== "" ? [] : [String(field)]));
}

function isMapping(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
