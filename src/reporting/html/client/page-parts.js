/** Finding and making pieces of a page. */

/** The first that matches: without it the page is broken. */
export function element(/** @type {string} */ selector) {
  return asHtml(document.querySelector(selector));
}

export function asHtml(/** @type {Element | null} */ found) {
  if (!(found instanceof HTMLElement)) throw new TypeError("The page lacks a part of itself.");
  return found;
}

export function textElement(/** @type {string} */ name, /** @type {string} */ text) {
  const made = document.createElement(name);
  made.textContent = text;
  return made;
}
