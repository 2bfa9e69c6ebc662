import { html, type Markup } from "./markup.ts";

/** Where a person takes responsibility. It stores nothing: it is for paper, or for a printed PDF. */
export function signatureSection(): Markup {
  return html`<section id="sign-off" class="signature"><h2>Sign-off</h2>
<fieldset class="decision"><legend>Decision</legend>
${DECISIONS.map(
  ([value, label]) =>
    html`<label><input type="radio" name="decision" value="${value}"> ${label}</label>`,
)}
</fieldset>
<label class="field">Name <input type="text" autocomplete="name"></label>
<label class="field">Date <input type="text" autocomplete="off" placeholder="YYYY-MM-DD" inputmode="numeric"></label>
<label class="field wide">Comment <textarea rows="3"></textarea></label>
<p class="line" aria-hidden="true">Signature</p>
<p class="soft note">Fill in and print, or print and sign. Nothing typed here is stored in the file.</p>
</section>`;
}

const DECISIONS = [
  ["release", "Release"],
  ["no-release", "Do not release"],
  ["again", "Run again"],
] as const;
