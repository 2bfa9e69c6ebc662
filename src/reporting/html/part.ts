import { type Content, html, type Markup } from "./markup.ts";

const PART = /<div class="part" data-part="([\w-]+)">([\s\S]*?)<!--\/part--><\/div>/g;

/** A piece of a page that a live page replaces by itself. Parts lie in no other part. */
export function part(name: string, content: Content): Markup {
  return html`<div class="part" data-part="${name}">${content}<!--/part--></div>`;
}

/** A page taken apart: what is around its parts, and each of them by its name. */
export interface PartedPage {
  readonly frame: string;
  readonly parts: ReadonlyMap<string, string>;
}

/** Text from outside has no `<` left in it, so nobody else can begin or end a part. */
export function takeApart(page: Markup): PartedPage {
  const parts = new Map<string, string>();
  const frame = page.toString().replaceAll(PART, (_, name: string, content: string) => {
    parts.set(name, content);
    return html`<div class="part" data-part="${name}"></div>`.toString();
  });
  return { frame, parts };
}
