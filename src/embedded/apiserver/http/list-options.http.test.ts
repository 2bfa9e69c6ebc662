import { afterAll, beforeAll, expect, it } from "vitest";
import { ask, startTestServer } from "#embedded/apiserver/testing/connect.ts";

const PATH = "/api/v1/namespaces/default/configmaps";

let nowMs = Date.now();
let server: Awaited<ReturnType<typeof startTestServer>>;
beforeAll(async () => {
  server = await startTestServer({ nowMs: () => nowMs });
});
afterAll(() => server.stop());

const create = (name: string) =>
  ask(server, PATH, { method: "POST", body: { metadata: { name } } });
const page = async (token: string) => (await ask(server, `${PATH}?limit=2&continue=${token}`)).body;
const namesIn = ({ items }: { items: readonly { metadata: { name: string } }[] }) =>
  items.map(({ metadata }) => metadata.name);

it("shows one moment on all pages for five minutes; then a new token goes on with what is there", async () => {
  for (const name of ["a", "b", "d", "e"]) await create(name);
  const first = await page("");
  await create("c");
  expect(namesIn(first)).toEqual(["a", "b"]);
  const second = await page(first.metadata.continue);
  expect(namesIn(second)).toEqual(["d", "e"]);
  expect(second.metadata.resourceVersion).toBe(first.metadata.resourceVersion);

  nowMs += 5 * 60_000;
  const tooLate = await page(first.metadata.continue);
  expect([tooLate.code, tooLate.reason]).toEqual([410, "Expired"]);
  const goingOn = await page(tooLate.metadata.continue);
  expect(namesIn(goingOn)).toEqual(["c", "d"]);
  expect(namesIn(await page(goingOn.metadata.continue))).toEqual(["e"]);
});

it("takes a timeout that is a duration, and refuses any other", async () => {
  const codes = ["30s", "1m30s", "0", "invalid", "5"].map(
    async (timeout) => (await ask(server, `${PATH}?timeout=${timeout}`)).code,
  );
  expect(await Promise.all(codes)).toEqual([200, 200, 200, 400, 400]);
});
