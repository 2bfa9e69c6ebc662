import { describe, expect, it } from "vitest";
import { aStream, aTransactionStream } from "#test/support/builders.ts";
import { databaseUrl, requireDatabaseUrls, withoutSecrets } from "./database-url.ts";

const SHOP = { type: "postgres", urlFrom: "SHOP_DB", query: "" } as const;
const URL_OF_SHOP = "postgres://ann:p%40ss@db.example:5432/shop";

describe("the address of a database", () => {
  it("comes from the environment variable that the scenario names", () => {
    expect(databaseUrl(SHOP, { SHOP_DB: URL_OF_SHOP })).toBe(URL_OF_SHOP);
  });

  it.each([
    [{}, "SHOP_DB is not set."],
    [{ SHOP_DB: "" }, "SHOP_DB is not set."],
    [{ SHOP_DB: "mysql://ann:secret@db" }, "SHOP_DB holds no such address."],
    [{ SHOP_DB: "postgres://ann:secret@db:port" }, "SHOP_DB holds no such address."],
  ])("is missed before anything is started: %j", (env, end) => {
    const load = [aStream(), aTransactionStream({ audit: SHOP })];
    const error = (() => {
      try {
        return requireDatabaseUrls(load, env);
      } catch (thrown) {
        return thrown;
      }
    })();
    expect(error).toMatchObject({ code: "NO_DATABASE_URL", message: expect.stringContaining(end) });
    expect(String(error)).not.toContain("secret");
  });

  it("is asked for only where a database is", () => {
    expect(() => requireDatabaseUrls([aStream(), aTransactionStream()], {})).not.toThrow();
  });
});

describe("withoutSecrets", () => {
  it("takes address and password out of a message, however they are spelled", () => {
    const message = `could not parse ${URL_OF_SHOP}: p@ss or p%40ss is wrong for ann`;
    expect(withoutSecrets(message, URL_OF_SHOP)).toBe(
      "could not parse ***: *** or *** is wrong for ann",
    );
    const asParameter = "postgres://db/shop?password=hunter2";
    expect(withoutSecrets("hunter2 is wrong", asParameter)).toBe("*** is wrong");
    expect(withoutSecrets("refused", "postgres://db/shop")).toBe("refused");
  });
});
