import { describe, expect, it } from "vitest";
import { embeddedJson, html } from "./markup.ts";

describe("html", () => {
  it("escapes what comes from outside, in text and in attributes", () => {
    const hostile = `"><img src=x onerror='alert(1)'>&`;
    expect(html`<p title="${hostile}">${hostile}</p>`.toString()).toBe(
      `<p title="&quot;&gt;&lt;img src=x onerror=&#39;alert(1)&#39;&gt;&amp;">&quot;&gt;&lt;img src=x onerror=&#39;alert(1)&#39;&gt;&amp;</p>`,
    );
  });

  it("keeps nested templates and lists as they are", () => {
    const items = ["<a>", "b"].map((item) => html`<li>${item}</li>`);
    expect(html`<ul>${items}</ul>`.toString()).toBe("<ul><li>&lt;a&gt;</li><li>b</li></ul>");
  });

  it("writes nothing for what is left out, and zero for zero", () => {
    expect(html`[${undefined}${false}${0}]`.toString()).toBe("[0]");
  });
});

describe("embeddedJson", () => {
  it("cannot be left by the text inside it, and parses to the same value", () => {
    const hostile = { name: "</script><script>alert(1)</script><!--" };
    const text = embeddedJson(hostile).toString();
    expect(text).not.toContain("<");
    expect(JSON.parse(text)).toEqual(hostile);
  });

  it("makes its texts visible, as those of the page are", () => {
    expect(JSON.parse(embeddedJson(["gnp.\u202Efail"]).toString())).toEqual(["gnp.\uFFFDfail"]);
  });
});
