/** Filters: a mark is shown while both its stream and its reason are ticked. */

import { asHtml } from "./page-parts.js";

export function filterMarks(/** @type {HTMLElement[]} */ marks, /** @type {any[]} */ cards) {
  const off = { stream: new Set(), reason: new Set() };
  for (const box of document.querySelectorAll("[data-filter]")) {
    const { checked, value, dataset } = /** @type {HTMLInputElement} */ (box);
    if (!checked) off[dataset["filter"] === "stream" ? "stream" : "reason"].add(value);
  }
  for (const mark of marks) {
    const { stream, reason } = cards[Number(mark.dataset["mark"])];
    mark.hidden = off.stream.has(stream) || off.reason.has(reason);
  }
  for (const group of document.querySelectorAll(".marks")) {
    const shown = [...group.children].map(asHtml).filter(({ hidden }) => !hidden);
    if (!shown.some(({ tabIndex }) => tabIndex === 0) && shown[0]) shown[0].tabIndex = 0;
  }
}

/** Lanes of the pods that are asked for; the charts stay, because they are of all pods together. */
export function filterPods() {
  const wanted = /** @type {HTMLSelectElement | null} */ (document.querySelector("[data-pods]"))
    ?.value;
  for (const lane of document.querySelectorAll("[data-lane]")) {
    const marked = lane.querySelector(".mark:not([hidden])") !== null;
    const shown =
      wanted === "" || (wanted === "marked" ? marked : wanted === asHtml(lane).dataset["lane"]);
    asHtml(lane).hidden = !shown;
  }
}
