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

  constructor(source: YamlSource, node: Node | null, path: string) {
    this.#source = source;
    this.#node = node;
    this.path = path;
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
    this.#source.report(this.#node, `${subject} ${sentence}`);
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
  readonly #value: YamlValue;
  readonly #source: YamlSource;
  readonly #members = new Map<string, { readonly key: Node; readonly value: YamlValue }>();
  readonly #known = new Set<string>();

  constructor(value: YamlValue, source: YamlSource, map: YAMLMap<Node, Node | null>) {
    this.#value = value;
    this.#source = source;
    for (const { key, value: node } of map.items) {
      const name = String(key);
      // An empty value has no place of its own; it stands where its key does.
      const place = node?.range === undefined ? key : node;
      this.#members.set(name, { key, value: new YamlValue(source, place, this.#pathOf(name)) });
    }
  }

  get names(): readonly string[] {
    return [...this.#members.keys()];
  }

  required<T>(name: string, { expected, read }: Reader<T>): T | undefined {
    this.#known.add(name);
    const member = this.#members.get(name);
    if (member !== undefined) return read(member.value);
    return this.#value.report(`lacks "${name}", which must be ${expected}`);
  }

  optional<T>(name: string, { read }: Reader<T>): T | undefined {
    this.#known.add(name);
    const member = this.#members.get(name);
    return member === undefined ? undefined : read(member.value);
  }

  /** The value of a member for checks across members; its place is its mapping's when it is absent. */
  at(name: string): YamlValue {
    return this.#members.get(name)?.value ?? this.#value;
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
    if (this.#value.path === "") return name;
    return /^[\w-]+$/.test(name) ? `${this.#value.path}.${name}` : `${this.#value.path}["${name}"]`;
  }
}
