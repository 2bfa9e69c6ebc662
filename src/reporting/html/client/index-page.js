/**
 * What the list of runs can do beyond being read: show only some of them. The choice is kept in the address,
 * so that a link leads to it.
 */

document.documentElement.classList.add("scripts");
const form = document.querySelector("[data-filters]");
const rows = [...document.querySelectorAll("[data-run]")];
if (form instanceof HTMLFormElement) {
  restore(form);
  form.addEventListener("input", () => show(form));
  form.addEventListener("submit", (event) => event.preventDefault());
  show(form);
}

function restore(/** @type {HTMLFormElement} */ filters) {
  for (const [name, value] of new URLSearchParams(location.hash.slice(1))) {
    const field = filters.elements.namedItem(name);
    if (field instanceof HTMLSelectElement || field instanceof HTMLInputElement)
      field.value = value;
  }
}

function show(/** @type {HTMLFormElement} */ filters) {
  const chosen = new FormData(filters);
  const [scenario, verdict, text] = ["scenario", "verdict", "text"].map((name) =>
    String(chosen.get(name) ?? ""),
  );
  let shown = 0;
  for (const row of rows) {
    const visible =
      (scenario === "" || row.getAttribute("data-scenario") === scenario) &&
      (verdict === "" || row.getAttribute("data-verdict") === verdict) &&
      (row.textContent ?? "").toLowerCase().includes((text ?? "").toLowerCase());
    row.toggleAttribute("hidden", !visible);
    if (visible) shown += 1;
  }
  const counter = filters.querySelector("[data-shown]");
  if (counter !== null) counter.textContent = `${shown} of ${rows.length}`;
  const kept = [...chosen]
    .filter(([, value]) => value !== "")
    .map(([name, value]) => [name, String(value)]);
  history.replaceState(null, "", `#${new URLSearchParams(kept)}`);
}
