import type { IncomingMessage, ServerResponse } from "node:http";
import { text } from "node:stream/consumers";
import { answer } from "./answer.ts";
import type { OrderLine, Orders, StepResult } from "./orders.ts";

const STEP_PATH = /^\/orders\/(?<key>[^/]+)\/(?<step>charge|confirm)$/;

/** `POST /orders`, `/orders/{key}/charge`, `/orders/{key}/confirm`; false when the path is none of them. */
export async function serveOrder(
  orders: Orders,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<boolean> {
  if (request.method !== "POST") return false;
  const path = request.url ?? "";
  if (path === "/orders") {
    await reserve(orders, request, response);
    return true;
  }
  const { key, step } = STEP_PATH.exec(path)?.groups ?? {};
  if (key === undefined) return false;
  request.resume();
  const name = decodeURIComponent(key);
  const result = await (step === "charge" ? orders.charge(name) : orders.confirm(name));
  answerStep(response, name, result);
  return true;
}

async function reserve(orders: Orders, request: IncomingMessage, response: ServerResponse) {
  const body = await text(request);
  const { "idempotency-key": key } = request.headers;
  if (typeof key !== "string" || key === "") {
    return answer(response, 400, { error: "the header Idempotency-Key is missing" });
  }
  const line = parseLine(body);
  if (line === undefined) {
    return answer(response, 400, { error: 'the body must be like {"item":"tea","quantity":1}' });
  }
  answerStep(response, key, await orders.reserve(key, line));
}

function parseLine(body: string): OrderLine | undefined {
  try {
    const { item, quantity } = JSON.parse(body);
    if (typeof item !== "string" || !Number.isSafeInteger(quantity) || quantity < 1)
      return undefined;
    return { item, quantity };
  } catch {
    return undefined;
  }
}

function answerStep(response: ServerResponse, key: string, result: StepResult) {
  switch (result.type) {
    case "done":
      return answer(response, 201, { key });
    case "replayed":
      return answer(response, 200, { key, replayed: true });
    case "refused":
      return answer(response, result.status, { key, error: result.reason });
  }
}
