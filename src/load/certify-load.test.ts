import { expect, it } from "vitest";
import { certifyLoad } from "./certify-load.ts";

it("tries again with more patience where requests were given up before their answers", async () => {
  const { requests, faults } = await certifyLoad([1, 6_000]);
  expect(requests).toBeGreaterThan(faults);
});

it("refuses where no patience helps, and says what it may be", async () => {
  await expect(certifyLoad([1])).rejects.toMatchObject({
    code: "LOAD_NOT_CERTIFIED",
    hint: expect.stringContaining("run into their time-outs"),
  });
});
