/**
 * Puts what a run sends into the page: its frame, each part of it that has changed, and what the report's own
 * script moves by. All of it is drawn by the code that draws the report, and is escaped there.
 */

import { asHtml } from "./page-parts.js";

const place = asHtml(document.querySelector("[data-live]"));
const connection = asHtml(document.querySelector("[data-connection]"));
const events = new EventSource("events");
/** What the report's script keeps as it is for its reader. */
const OWN = "[data-ticks], [data-cursor], [data-readout], [data-zoom-level], #tip";
const KEPT = new Set(["hidden", "open", "tabindex"]);
/** @type {any} */
const page = { marks: [], streams: [] };

events.addEventListener("drawing", ({ data }) => {
  const { frame, parts, axis, marks, streams } = JSON.parse(data);
  if (frame !== undefined) become(place, contentOf(frame), isPart);
  for (const part of place.querySelectorAll("[data-part]")) {
    const drawn = parts[asHtml(part).dataset["part"] ?? ""];
    if (drawn !== undefined) become(part, contentOf(drawn), () => false);
  }
  Object.assign(page, axis);
  change(page.marks, marks);
  page.streams.length = streams.length;
  for (const [index, points] of streams.entries()) {
    page.streams[index] ??= [];
    change(page.streams[index], points);
  }
  if (place.querySelector(".viewport") === null) return;
  document.dispatchEvent(new CustomEvent("drawn", { detail: page }));
});
events.addEventListener("open", () => tell("This page follows the run."));
events.addEventListener("end", () => void end());
events.addEventListener("error", () => tell("The run cannot be reached; trying again."));

/** Nobody will serve the reports any more: they are fetched now, and that of a single run is shown at once. */
async function end() {
  const links = [...document.querySelectorAll("a[data-report]")];
  const addresses = new Map(links.map((link) => [link.getAttribute("href") ?? "", ""]));
  for (const address of addresses.keys()) {
    const report = await fetchReport(address);
    if (report !== undefined) addresses.set(address, URL.createObjectURL(report));
  }
  for (const link of links) {
    const kept = addresses.get(link.getAttribute("href") ?? "");
    if (kept) link.setAttribute("href", kept);
  }
  events.close();
  tell("The runs are over. Their reports stay on disk.");
  const [only, ...others] = addresses.values(); // repetitions have one report together
  if (only && others.length === 0) location.replace(only);
}

/** Whatever keeps one from coming, the others still can. */
async function fetchReport(/** @type {string} */ address) {
  try {
    const report = await fetch(address);
    return report.ok ? await report.blob() : undefined;
  } catch {
    return undefined;
  }
}

function change(/** @type {unknown[]} */ list, /** @type {any} */ { length, set }) {
  list.length = length;
  for (const [index, value] of set) list[index] = value;
}

function contentOf(/** @type {string} */ html) {
  return new DOMParser().parseFromString(html, "text/html").body;
}

/**
 * Gives an element the content of another. Elements that stay are the same as before, so that focus, what is
 * unfolded and what is filtered stay with them.
 */
function become(
  /** @type {Element} */ element,
  /** @type {Element} */ wanted,
  /** @type {(node: Node) => boolean} */ isKept,
) {
  let next = element.firstChild;
  for (const node of [...wanted.childNodes]) {
    const old = sameIn(next, node);
    if (old === null) {
      element.insertBefore(document.importNode(node, true), next);
      continue;
    }
    while (next !== null && next !== old) next = removed(next);
    next = old.nextSibling;
    if (!(old instanceof Element) || !(node instanceof Element)) old.nodeValue = node.nodeValue;
    else if (!isKept(old) && !old.matches(OWN)) {
      takeAttributes(old, node);
      become(old, node, isKept);
    }
  }
  while (next !== null) next = removed(next);
}

/** The first from here on that can become the node. */
function sameIn(/** @type {Node | null} */ first, /** @type {Node} */ node) {
  for (let old = first; old !== null; old = old.nextSibling) {
    if (old.nodeName === node.nodeName && keyOf(old) === keyOf(node)) return old;
  }
  return null;
}

/** Only one of this key can be the same; without one, all of a name can. */
function keyOf(/** @type {Node} */ node) {
  if (!(node instanceof Element)) return "";
  const { key = "" } = node instanceof HTMLElement ? node.dataset : {};
  return node.id || key || node.getAttribute("data-part") || node.getAttribute("class") || "";
}

function isPart(/** @type {Node} */ node) {
  return node instanceof HTMLElement && node.dataset["part"] !== undefined;
}

function takeAttributes(/** @type {Element} */ element, /** @type {Element} */ wanted) {
  for (const { name, value } of wanted.attributes) {
    if (!KEPT.has(name) && element.getAttribute(name) !== value) element.setAttribute(name, value);
  }
  for (const { name } of [...element.attributes]) {
    if (!KEPT.has(name) && !wanted.hasAttribute(name)) element.removeAttribute(name);
  }
}

function removed(/** @type {ChildNode} */ node) {
  const next = node.nextSibling;
  node.remove();
  return next;
}

function tell(/** @type {string} */ text) {
  connection.textContent = text;
}
