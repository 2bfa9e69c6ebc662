/**
 * Puts each drawing that the run sends in place of the last. The drawing is made by the run itself, by the code
 * that makes the report, and is escaped there.
 */

const place = document.querySelector("[data-live]");
const connection = document.querySelector("[data-connection]");
const events = new EventSource("events");

events.addEventListener("runs", ({ data }) => {
  if (place === null) return;
  const drawing = new DOMParser().parseFromString(JSON.parse(data), "text/html");
  place.replaceChildren(...drawing.body.childNodes);
});
events.addEventListener("open", () => tell("Connected: this page follows the run."));
events.addEventListener("end", () => {
  events.close();
  tell("The runs are over. The reports stay on disk.");
});
events.addEventListener("error", () => tell("The run cannot be reached; trying again."));

function tell(/** @type {string} */ text) {
  if (connection !== null) connection.textContent = text;
}
