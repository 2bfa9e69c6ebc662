import { isAlias, isMap, isScalar, isSeq, type Node, type YAMLMap } from "yaml";
import { closestWord } from "./closest-word.ts";
import type { YamlSource } from "./yaml-source.ts";

/**
 * How one kind of value is read. `read` returns undefined only after it has reported why, so that all
 * problems of a file are found in one go; whoever reads on may use any stand-in, for it is thrown away.
 */
export interface Reader<T> {
  /** What is allowed, as the end of a sentence: `a duration such as 5s`. */
  readonly expected: string;
  readonly read: (value: YamlValue) => T | undefined;
}

/** A value of a YAML file together with its place: line, and path such as `load[0].rate`. */
export class YamlValue {
  readonly path: string;
  readonly #source: YamlSource;
  readonly #node: Node | null;
  readonly #place: Node | null;

  /** `place` is the node whose line is reported, where that is not the value itself. */
  constructor(source: YamlSource, node: Node | null, path: string, place = node) {
    this.#source = source;
    this.#node = node;
    this.path = path;
    this.#place = place;
  }

  /** The scalar as it was written, without quotes; undefined when it is none or empty. */
  get text(): string | undefined {
    const node = this.#resolved();
    if (!isScalar(node) || node.value === null) return undefined;
    return typeof node.value === "string" ? node.value : node.source;
  }

  /** The scalar as YAML understands it. */
  get scalar(): unknown {
    const node = this.#resolved();
    return isScalar(node) ? node.value : undefined;
  }

  get isMapping(): boolean {
    return isMap(this.#resolved());
  }

  items(): readonly YamlValue[] | undefined {
    const node = this.#resolved();
    if (!isSeq<Node>(node)) return undefined;
    return node.items.map((item, i) => new YamlValue(this.#source, item, `${this.path}[${i}]`));
  }

  /** The members of a mapping; anything else is reported as not being what was `expected`. */
  fields(expected: string): YamlFields | undefined {
    const node = this.#resolved();
    if (!isMap<Node, Node | null>(node)) return this.refuse(expected);
    return new YamlFields(this, this.#source, node);
  }

  /** Reports what was found and what is allowed. */
  refuse(expected: string): undefined {
    return this.report(`is ${this.#describe()}; it must be ${expected}`);
  }

  /** Reports a sentence about this value, which begins with a verb. */
  report(sentence: string): undefined {
    const subject = this.path === "" ? "the file" : this.path;
    this.#source.report(this.#place, `${subject} ${sentence}`);
  }

  #describe(): string {
    const node = this.#resolved();
    if (isMap(node)) return "a mapping";
    if (isSeq(node)) return node.items.length === 0 ? "an empty list" : "a list";
    return this.text === undefined ? "empty" : JSON.stringify(this.text);
  }

  #resolved(): Node | null | undefined {
    const [document] = this.#source.documents;
    return isAlias(this.#node) && document !== undefined
      ? this.#node.resolve(document)
      : this.#node;
  }
}

/** The members of one mapping. Those nobody asked for are unknown, and are refused. */
export class YamlFields {
  readonly #mapping: YamlValue;
  readonly #source: YamlSource;
  readonly #members = new Map<string, { readonly key: Node; readonly value: YamlValue }>();
  readonly #known = new Set<string>();

  constructor(mapping: YamlValue, source: YamlSource, map: YAMLMap<Node, Node | null>) {
    this.#mapping = mapping;
    this.#source = source;
    for (const { key, value: node } of map.items) {
      const name = String(key);
      // A mapping begins at its first member, which may stand below, and an empty value nowhere.
      const place = isScalar(node) && node.range !== undefined ? node : key;
      const value = new YamlValue(source, node, this.#pathOf(name), place);
      this.#members.set(name, { key, value });
    }
  }

  get names(): readonly string[] {
    return [...this.#members.keys()];
  }

  required<T>(name: string, { expected, read }: Reader<T>): T | undefined {
    this.#known.add(name);
    const member = this.#members.get(name);
    if (member !== undefined) return read(member.value);
    return this.#mapping.report(`lacks "${name}", which must be ${expected}`);
  }

  optional<T>(name: string, { read }: Reader<T>): T | undefined {
    this.#known.add(name);
    const member = this.#members.get(name);
    return member === undefined ? undefined : read(member.value);
  }

  /** The value of a member for checks across members; its place is its mapping's when it is absent. */
  at(name: string): YamlValue {
    return this.#members.get(name)?.value ?? this.#mapping;
  }

  /** To be called once every known member was asked for. */
  refuseOthers(): void {
    for (const [name, { key }] of this.#members) {
      if (this.#known.has(name)) continue;
      const known = [...this.#known];
      const meant = closestWord(name, known);
      const question = meant === undefined ? "." : `; did you mean "${meant}"?`;
      const list = `Known keys here: ${known.join(", ")}`;
      this.#source.report(key, `${this.#pathOf(name)} is no known key${question} ${list}`);
    }
  }

  #pathOf(name: string): string {
    if (this.#mapping.path === "") return name;
    return /^[\w-]+$/.test(name)
      ? `${this.#mapping.path}.${name}`
      : `${this.#mapping.path}["${name}"]`;
  }
}
