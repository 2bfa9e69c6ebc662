import { visibleText } from "#reporting/visible-text.ts";

/**
 * HTML that is known to be safe. Only `html` makes it, and `html` escapes every plain string, so text
 * from outside cannot become an element by being forgotten somewhere.
 */
export class Markup {
  readonly #text: string;

  constructor(text: string) {
    this.#text = text;
  }

  toString(): string {
    return this.#text;
  }
}

/** `undefined` and `false` write nothing, so that a part can be left out with `condition && html…`. */
export type Content = string | number | Markup | undefined | false | readonly Content[];

/** A template whose values are escaped for text and for quoted attributes alike. */
export function html(parts: TemplateStringsArray, ...values: readonly Content[]): Markup {
  return new Markup(
    parts.map((part, index) => (index === 0 ? part : write(values[index - 1]) + part)).join(""),
  );
}

/** For text of our own that is HTML, CSS or JavaScript already; nothing from outside may come near. */
export function trusted(text: string): Markup {
  return new Markup(text);
}

/**
 * A value as JSON that no HTML parser can leave: `<` never appears, so neither does `</script`.
 */
export function embeddedJson(value: unknown): Markup {
  return new Markup(visibleJson(value).replaceAll("<", "\\u003c"));
}

/** JSON whose texts are made visible: for a script that shows them. */
export function visibleJson(value: unknown): string {
  return JSON.stringify(value, (_, one) => (typeof one === "string" ? visibleText(one) : one));
}

function write(content: Content): string {
  if (content === undefined || content === false) return "";
  if (content instanceof Markup) return content.toString();
  if (typeof content === "number") return String(content);
  if (typeof content === "string") return escapeText(content);
  return content.map(write).join("");
}

function escapeText(text: string): string {
  return visibleText(text).replaceAll(/[&<>"'`]/g, (character) => ESCAPES[character] ?? character);
}

const ESCAPES: Readonly<Record<string, string>> = {
  "&": "&amp;",
  "<": "&lt;",
  ">": "&gt;",
  '"': "&quot;",
  "'": "&#39;",
  "`": "&#96;",
};
