import { describe, expect, it } from "vitest";
import type { Report } from "#domain/report.ts";
import { attachmentsOf } from "#reporting/cucumber/attachments.ts";
import { failingReport } from "./fixtures/failing-report.ts";
import { hostileReport } from "./fixtures/hostile-report.ts";
import { passingReport } from "./fixtures/passing-report.ts";

const pictureOf = (report: Report) => attachmentsOf(report)[0]?.body ?? "";

describe("what cucumber's report carries of a run", () => {
  it("is a picture with the verdict, every pod that left, its exit code and its failures", () => {
    const picture = pictureOf(failingReport());
    expect(picture).toContain(">Fail</text>");
    for (const { pod } of failingReport().terminations) expect(picture).toContain(pod.slice(-5));
    expect(picture).toContain(">137</text>");
    expect(picture.match(/height="13" fill="#cf1124"/g)?.length).toBeGreaterThan(50);
  });

  it("is well-formed XML without a script, also of a hostile workload", () => {
    const picture = pictureOf(hostileReport());
    const tags = picture.match(/<[^>]*>/g) ?? [];
    expect(new Set(tags.map((tag) => /^<\/?([a-z]+)/.exec(tag)?.[1]))).toEqual(
      new Set(["svg", "rect", "text"]),
    );
    expect(picture).not.toMatch(/\p{Bidi_Control}|(?![\t\n])\p{Cc}|&(?!(?:amp|lt|gt|quot|#\d+);)/u);
    const open = tags.filter((tag) => !tag.startsWith("</") && !tag.endsWith("/>")).length;
    expect(open).toBe(tags.filter((tag) => tag.startsWith("</")).length);
  });

  it("says how many pods it leaves out", () => {
    const report = failingReport();
    const lanes = Array.from({ length: 60 }, (_, index) => ({ pod: `web-${index}`, endpoint: [] }));
    expect(pictureOf({ ...report, lanes })).toContain("and 36 more pods");
  });

  it("lists the first failed requests, and says how many there were", () => {
    const [, failed] = attachmentsOf(failingReport());
    expect(failed?.mediaType).toBe("text/plain");
    const [title, , , first] = failed?.body.split("\n") ?? [];
    expect(title).toBe("95 failed requests, the first 50:");
    expect(first).toMatch(/^ *5\.320 s {2}reused #611 +server-error \(503\) +shop-\S+, proven /);
    expect(failed?.body.split("\n")).toHaveLength(3 + 50);
  });

  it("has no list where nothing failed", () => {
    expect(attachmentsOf(passingReport()).map(({ mediaType }) => mediaType)).toEqual([
      "image/svg+xml",
    ]);
  });
});
