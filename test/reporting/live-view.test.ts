import { once } from "node:events";
import { createServer } from "node:http";
import { describe, expect, it } from "vitest";
import { openLiveView } from "#live-view.ts";

describe("the thread of the live page", () => {
  it("says which port it could not have", async () => {
    const other = createServer().listen(0, "127.0.0.1");
    await once(other, "listening");
    const address = other.address();
    const port = typeof address === "object" ? (address?.port ?? 0) : 0;
    await expect(openLiveView(port)).rejects.toMatchObject({
      code: "NO_LIVE_VIEW",
      message: expect.stringContaining(String(port)),
      hint: expect.stringContaining("another port"),
    });
    other.close();
  });

  it("breaks without the run, and says so when it is stopped", async () => {
    const view = await openLiveView(0);
    const { progress } = view.follow("shop");
    progress.recording("/nowhere"); // whose header cannot be read
    progress.phase("warm-up", 0);
    await expect(view.stop()).rejects.toMatchObject({ code: "LIVE_VIEW_BROKE" });
  });
});
