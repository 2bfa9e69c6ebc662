import { describe, expect, it } from "vitest";
import { judgeAnswer, readsBody } from "./judge-answer.ts";

const SUCCESS = { statusMin: 200, statusMax: 299 };

describe("judgeAnswer", () => {
  it("accepts what the stream expects, even an error", () => {
    expect(judgeAnswer({ status: 204, closes: true }, SUCCESS)).toEqual({
      type: "ok",
      status: 204,
    });
    const expect404 = { statusMin: 404, statusMax: 404 };
    expect(judgeAnswer({ status: 404, closes: false }, expect404).type).toBe("ok");
  });

  it.each([
    [{ status: 500, closes: false }, "failed", "server-error"],
    [{ status: 503, closes: true }, "failed", "server-error-and-close"],
    [{ status: 404, closes: true }, "failed", "unexpected-answer"],
    [{ status: 302, closes: false }, "failed", "unexpected-answer"],
  ])("takes %j for an answer that says the work was not done", (answer, type, reason) => {
    expect(judgeAnswer(answer, SUCCESS)).toEqual({ type, reason, status: answer.status });
  });

  it.each([502, 504])("cannot know what stands behind a gateway that answers %i", (status) => {
    expect(judgeAnswer({ status, closes: false }, SUCCESS)).toEqual({
      type: "indeterminate",
      reason: "server-error",
      status,
    });
  });

  it("cannot know what a success with the wrong body has done", () => {
    const wants = { ...SUCCESS, bodyIncludes: "paid" };
    expect(judgeAnswer({ status: 200, closes: false, body: "is paid." }, wants).type).toBe("ok");
    expect(judgeAnswer({ status: 200, closes: false, body: "is not" }, wants)).toEqual({
      type: "indeterminate",
      reason: "unexpected-answer",
      status: 200,
    });
  });

  it("looks for a value at a path of a JSON body", () => {
    const wants = { ...SUCCESS, bodyJson: { path: ["order", "items", "0"], equals: 7 } };
    const judge = (body: string) => judgeAnswer({ status: 200, closes: false, body }, wants).type;
    expect(judge('{"order":{"items":[7,8]}}')).toBe("ok");
    for (const body of ['{"order":{"items":[8]}}', '{"order":{}}', '{"order":null}', "7", "", "{"])
      expect(judge(body)).toBe("indeterminate");
  });

  it("reads bodies only where an expectation asks for it", () => {
    expect(readsBody(SUCCESS)).toBe(false);
    expect(readsBody({ ...SUCCESS, bodyIncludes: "" })).toBe(true);
    expect(readsBody({ ...SUCCESS, bodyJson: { path: [], equals: null } })).toBe(true);
  });
});
