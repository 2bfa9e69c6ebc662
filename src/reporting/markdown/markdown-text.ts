import { visibleLine } from "#reporting/visible-text.ts";

/**
 * Text from outside as Markdown that is only text: no emphasis, link, image, table cell or HTML, and no
 * mention that would call somebody to a pull request.
 */
export function markdownText(text: string): string {
  return visibleLine(text)
    .replaceAll("&", "&amp;")
    .replaceAll("<", "&lt;")
    .replaceAll("@", "&commat;")
    .replaceAll(/[\\`*_[\]{}|>#!~]/g, "\\$&");
}
