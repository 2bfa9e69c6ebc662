import { describe, expect, it } from "vitest";
import { aStream, aTransactionStream, aWebsocketStream } from "#test/support/builders.ts";
import { recordedLoad } from "./recorded-load.ts";

const request = {
  method: "POST",
  path: "/orders",
  headers: { Authorization: "Bearer canary", "X-Tenant": "canary", "Content-Type": "text/plain" },
  body: "password=canary",
};

describe("recordedLoad", () => {
  it("keeps what is asked, and not by whom or with what", () => {
    const [stream] = recordedLoad([aStream({ request })]);
    expect(stream).toEqual(
      aStream({
        request: {
          method: "POST",
          path: "/orders",
          headers: {
            Authorization: "(not recorded)",
            "X-Tenant": "(not recorded)",
            "Content-Type": "text/plain",
          },
          body: "(not recorded)",
        },
      }),
    );
  });

  it("does the same for each step of a transaction", () => {
    const steps = [{ name: "pay", ...request }];
    expect(JSON.stringify(recordedLoad([aTransactionStream({ steps })]))).not.toContain("canary");
  });

  it("does the same for the opening request and the messages of a held connection", () => {
    const { headers } = request;
    const stream = { ...aWebsocketStream(), headers, message: "canary {{key}}" };
    expect(JSON.stringify(recordedLoad([stream]))).not.toContain("canary");
  });

  it("leaves a request without a body without one", () => {
    expect(recordedLoad([aStream()])).toEqual([aStream()]);
  });
});
