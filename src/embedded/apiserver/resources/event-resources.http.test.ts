import { afterAll, beforeAll, expect, it } from "vitest";
import { ask, startTestServer } from "#embedded/apiserver/testing/connect.ts";

let server: Awaited<ReturnType<typeof startTestServer>>;

beforeAll(async () => {
  server = await startTestServer();
});
afterAll(() => server.stop());

it("events are found by who reported them, in both groups", async () => {
  for (const name of ["ours", "theirs"]) {
    const involvedObject = { kind: "Pod", namespace: "default", name: "web" };
    const body = { metadata: { name }, involvedObject, reportingComponent: name };
    await ask(server, "/api/v1/namespaces/default/events", { method: "POST", body });
  }
  const inNew = "/apis/events.k8s.io/v1/namespaces/default/events";
  const found = await ask(server, `${inNew}?fieldSelector=reportingController%3Dours`);
  const inOld = "/api/v1/namespaces/default/events?fieldSelector=reportingComponent%3Dours";
  const same = await ask(server, inOld);
  const names = (answer: typeof found) =>
    answer.body.items.map((event: { metadata: { name: string } }) => event.metadata.name);
  expect([names(found), names(same)]).toEqual([["ours"], ["ours"]]);
});
