/**
 * What the report can do beyond being read: zoom and pan, a time cursor with the charts' numbers, cards
 * of failed requests, filters, and copying. Without it the page is complete; these parts are hidden.
 */

import { hideMark, nearestMark, placeTip, showMark, stepMark } from "./mark-cards.js";
import { filterMarks, filterPods } from "./mark-filters.js";
import { asHtml, element } from "./page-parts.js";

document.documentElement.classList.add("scripts");
/** @type {any} What the page was drawn from: its own data, or what a live page is told. */
let page = {};
/** @type {HTMLElement} */
let viewport;
/** @type {HTMLElement} */
let time;
/** @type {HTMLElement[]} */
let marks = [];
let lengthMs = 1;

/** Fits everything that this script has made to what is on the page now. */
function adopt(/** @type {any} */ data) {
  const isFirst = !isWired(); // another run of a live page has another timeline
  page = data;
  lengthMs = page.untilMs - page.fromMs;
  marks = [...document.querySelectorAll("[data-mark]")].map(asHtml);
  if (isFirst) wire();
  time.style.setProperty("--zoom", String(zoom));
  drawTicks();
  if (isFirst) return;
  filterMarks(marks, page.marks);
  filterPods();
  if (!element("[data-cursor]").hidden) moveCursor(cursorMs);
  const shown = document.activeElement;
  if (shown instanceof HTMLElement && shown.dataset["mark"]) showMark(shown, cardOf(shown));
  else hideMark();
}

function isWired() {
  return viewport?.isConnected === true;
}

/** What is to be said of a mark. */
function cardOf(/** @type {HTMLElement} */ mark) {
  return page.marks[Number(mark.dataset["mark"])];
}

/* Zoom and pan: everything on the axis stands at a percentage, so a wider axis is a zoom. */

const MAX_ZOOM = 128;
const STEPS_MS = [1, 10, 100, 1000, 10_000, 60_000, 600_000].flatMap((ms) => [ms, 2 * ms, 5 * ms]);
let zoom = 1;

function axisPixels() {
  const plot = element("[data-ticks]").getBoundingClientRect();
  return { left: plot.left, width: plot.width };
}

function labelPixels() {
  return axisPixels().left - time.getBoundingClientRect().left;
}

/** Zooms so that the instant stays at the same place of the viewport. */
function zoomTo(/** @type {number} */ level, /** @type {number} */ atMs, /** @type {number} */ x) {
  zoom = Math.min(MAX_ZOOM, Math.max(1, level));
  time.style.setProperty("--zoom", String(zoom));
  const { width } = axisPixels();
  viewport.scrollLeft = labelPixels() + ((atMs - page.fromMs) / lengthMs) * width - x;
  element("[data-zoom-level]").textContent = `${Number(zoom.toFixed(1))}×`;
  drawTicks();
}

function zoomBy(/** @type {number} */ factor, /** @type {number | undefined} */ clientX) {
  const box = viewport.getBoundingClientRect();
  const middle = box.left + (box.width + labelPixels()) / 2;
  const x = clientX ?? middle;
  zoomTo(zoom * factor, instantAt(x), x - box.left);
}

function zoomToWindows() {
  const from = Math.min(...page.windows.map((/** @type {number[]} */ [start]) => start));
  const until = Math.max(...page.windows.map((/** @type {number[]} */ [, end]) => end));
  const label = labelPixels();
  const room = viewport.clientWidth;
  const span = Math.max(until - from, 50) * 1.04;
  zoomTo(((room - label) * (lengthMs / span) + label) / room, from - span * 0.02, label);
}

function drawTicks() {
  const { width } = axisPixels();
  const stepMs = STEPS_MS.find((step) => (width * step) / lengthMs >= 72) ?? lengthMs;
  const first = Math.ceil(page.fromMs / stepMs);
  const count = Math.floor(page.untilMs / stepMs) - first + 1;
  for (const plot of document.querySelectorAll("[data-ticks]")) {
    plot.replaceChildren(
      ...Array.from({ length: Math.max(0, count) }, (_, index) => {
        const atMs = (first + index) * stepMs;
        const tick = document.createElement("span");
        tick.className = "tick";
        tick.style.left = `${(100 * (atMs - page.fromMs)) / lengthMs}%`;
        tick.textContent = tickLabel(atMs, stepMs);
        return tick;
      }),
    );
  }
}

function tickLabel(/** @type {number} */ atMs, /** @type {number} */ stepMs) {
  const seconds = atMs / 1000;
  const decimals = stepMs >= 1000 ? 0 : stepMs >= 100 ? 1 : stepMs >= 10 ? 2 : 3;
  if (page.untilMs < 120_000) return `${seconds.toFixed(decimals)} s`;
  const minutes = Math.floor(seconds / 60);
  return `${minutes}:${(seconds - minutes * 60).toFixed(decimals).padStart(decimals ? decimals + 3 : 2, "0")}`;
}

/* The time cursor, with the numbers of the charts at that moment. */

let cursorMs = 0;

function instantAt(/** @type {number} */ clientX) {
  const { left, width } = axisPixels();
  const share = Math.min(1, Math.max(0, (clientX - left) / width));
  return page.fromMs + share * lengthMs;
}

function moveCursor(/** @type {number} */ atMs) {
  cursorMs = Math.min(page.untilMs, Math.max(page.fromMs, atMs));
  const cursor = element("[data-cursor]");
  cursor.hidden = false;
  cursor.style.left = `${(100 * (cursorMs - page.fromMs)) / lengthMs}%`;
  for (const readout of document.querySelectorAll("[data-readout]")) {
    const points = page.streams[Number(asHtml(readout).dataset["readout"])];
    readout.textContent = describePoint(
      points.findLast((/** @type {number[]} */ [start = 0]) => start <= cursorMs),
    );
  }
}

function describePoint(/** @type {(number | null)[] | undefined} */ point) {
  const moment = `${(cursorMs / 1000).toFixed(2)} s`;
  if (point === undefined || cursorMs - Number(point[0]) >= page.bucketMs)
    return `${moment}: no request`;
  const [, requests, failures, p50, p99, max, inFlight] = point;
  const latency = [
    ["p50", p50],
    ["p99", p99],
    ["max", max],
  ]
    .filter(([, ms]) => ms !== null)
    .map(([name, ms]) => `${name} ${duration(Number(ms))}`);
  const rate = Math.round((Number(requests) * 1000) / page.bucketMs);
  const open = inFlight === null ? [] : [`${inFlight} in flight`];
  return [`${moment}: ${rate}/s, ${failures} failed`, ...open, ...latency].join(" · ");
}

function duration(/** @type {number} */ ms) {
  return ms < 1000 ? `${Number(ms.toPrecision(3))} ms` : `${Number((ms / 1000).toPrecision(3))} s`;
}

function keepInView(/** @type {number} */ atMs) {
  const { left, width } = axisPixels();
  const box = viewport.getBoundingClientRect();
  const x = left + ((atMs - page.fromMs) / lengthMs) * width - box.left;
  if (x < labelPixels() + 8) viewport.scrollLeft += x - labelPixels() - 40;
  if (x > box.width - 8) viewport.scrollLeft += x - box.width + 40;
}

function followHash() {
  if (!isWired()) return;
  const mark = marks.find(({ id }) => id !== "" && `#${id}` === location.hash);
  if (mark === undefined) return;
  mark.hidden = false;
  const lane = mark.closest("[data-lane]");
  if (lane !== null) asHtml(lane).hidden = false;
  keepInView(cardOf(mark).atMs);
  mark.scrollIntoView({ block: "center", inline: "nearest" });
  mark.focus();
}

async function copy(/** @type {HTMLElement} */ button) {
  const source = element(`#${button.dataset["copy"]}`);
  try {
    await navigator.clipboard.writeText(`${source.textContent}\n`);
    button.textContent = "Copied";
  } catch {
    // A browser may refuse the clipboard to a file: then the text is selected, ready for Ctrl-C.
    getSelection()?.selectAllChildren(source);
    button.textContent = "Press Ctrl-C";
  }
}

/* Wiring. */

document.addEventListener("click", ({ target }) => {
  const button = target instanceof Element ? target.closest("button") : null;
  if (button === null) return;
  const { zoom: level, copy: source } = button.dataset;
  if (level === "in") zoomBy(2, undefined);
  if (level === "out") zoomBy(0.5, undefined);
  if (level === "all") zoomTo(1, page.fromMs, 0);
  if (level === "disruption") zoomToWindows();
  if (source !== undefined) void copy(button);
});
document.addEventListener("change", ({ target }) => {
  if (!(target instanceof HTMLElement)) return;
  if (target.dataset["filter"]) filterMarks(marks, page.marks);
  if (target.dataset["filter"] || target.dataset["pods"] !== undefined) filterPods();
});
// Scrolling moves the mark away under its card, also when it is the focus that scrolls.
addEventListener(
  "scroll",
  () => {
    const shown = document.querySelector(".mark.shown");
    if (shown !== null) placeTip(asHtml(shown));
  },
  { capture: true, passive: true },
);

/** The parts that stay while others are drawn anew. */
function wire() {
  viewport = element(".viewport");
  time = element("[data-time]");
  cursorMs = page.fromMs;
  zoom = 1;
  viewport.addEventListener("pointermove", ({ target, clientX }) => {
    moveCursor(instantAt(clientX));
    const mark = nearestMark(target, clientX);
    if (mark !== undefined) showMark(mark, cardOf(mark));
    else if (!document.activeElement?.classList.contains("mark")) hideMark();
  });
  viewport.addEventListener("pointerleave", hideMark);
  viewport.addEventListener("focusin", ({ target }) => {
    if (!(target instanceof HTMLElement) || target.dataset["mark"] === undefined) return;
    showMark(target, cardOf(target));
    moveCursor(cardOf(target).atMs);
  });
  viewport.addEventListener("focusout", hideMark);
  viewport.addEventListener(
    "wheel",
    (event) => {
      if (!event.ctrlKey) return;
      event.preventDefault();
      zoomBy(event.deltaY < 0 ? 1.25 : 0.8, event.clientX);
    },
    { passive: false },
  );
  viewport.addEventListener("keydown", (event) => {
    const step = { ArrowLeft: -1, ArrowRight: 1 }[event.key];
    if (event.key === "Escape") hideMark();
    if (event.key === "+") zoomBy(2, undefined);
    if (event.key === "-") zoomBy(0.5, undefined);
    if (step === undefined || !(event.target instanceof HTMLElement)) return;
    event.preventDefault();
    if (event.target.dataset["mark"]) return stepMark(event.target, step);
    moveCursor(cursorMs + (step * page.bucketMs) / Math.min(zoom, 8));
    keepInView(cursorMs);
  });
}

const own = document.querySelector("#report-data");
if (own !== null) {
  adopt(JSON.parse(own.textContent ?? "{}"));
  followHash();
}
document.addEventListener("drawn", (event) => adopt(/** @type {CustomEvent} */ (event).detail));
addEventListener("hashchange", followHash);
addEventListener("resize", () => {
  if (isWired()) drawTicks();
});
