/** The card of a failed request: what happened to it, beside its mark. */

import { asHtml, element, textElement } from "./page-parts.js";

const MARK_PIXELS = 9;

export function showMark(/** @type {HTMLElement} */ mark, /** @type {any} */ card) {
  hideMark();
  mark.classList.add("shown");
  const title = document.createElement("b");
  title.textContent = card.title;
  const list = document.createElement("dl");
  for (const [name, value] of card.rows)
    list.append(textElement("dt", name), textElement("dd", value));
  const tip = element("#tip");
  tip.replaceChildren(title, list);
  tip.hidden = false;
  placeTip(mark);
}

export function placeTip(/** @type {HTMLElement} */ mark) {
  const tip = element("#tip");
  const at = mark.getBoundingClientRect();
  const box = tip.getBoundingClientRect();
  const below = at.bottom + 8 + box.height < innerHeight;
  tip.style.left = `${Math.max(8, Math.min(at.left + 12, innerWidth - box.width - 8))}px`;
  tip.style.top = `${Math.max(8, below ? at.bottom + 8 : at.top - box.height - 8)}px`;
}

/** Marks overlap, and the one on top is not the one that is meant: the nearest of the lane is. */
export function nearestMark(
  /** @type {EventTarget | null} */ target,
  /** @type {number} */ clientX,
) {
  const lane = target instanceof Element ? target.closest(".lane .plot") : null;
  const near = [...(lane?.querySelectorAll(".mark:not([hidden])") ?? [])].map((mark) => {
    const { left, right } = mark.getBoundingClientRect();
    const [from, until] = [left + MARK_PIXELS / 2, right - MARK_PIXELS / 2];
    return { mark: asHtml(mark), distance: Math.max(from - clientX, clientX - until, 0) };
  });
  const [nearest] = near.toSorted((a, b) => a.distance - b.distance);
  return nearest && nearest.distance <= MARK_PIXELS ? nearest.mark : undefined;
}

export function hideMark() {
  element("#tip").hidden = true;
  for (const shown of document.querySelectorAll(".mark.shown")) shown.classList.remove("shown");
}

export function stepMark(/** @type {HTMLElement} */ mark, /** @type {number} */ step) {
  const siblings = [...(mark.parentElement?.children ?? [])]
    .map(asHtml)
    .filter(({ hidden }) => !hidden);
  const next = siblings[siblings.indexOf(mark) + step];
  if (next === undefined) return;
  mark.tabIndex = -1;
  next.tabIndex = 0;
  next.focus();
}
