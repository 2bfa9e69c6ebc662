import { request as requestPlain } from "node:http";
import { request as requestSecure } from "node:https";
import type { AuditCheck } from "#domain/audit-check.ts";
import type { HttpAudit } from "#domain/audit-source.ts";
import {
  ANSWER_WITHIN_MS,
  type AuditAnswer,
  type LedgerSource,
  withPrefix,
} from "./audit-answer.ts";
import { parseAudit } from "./parse-audit.ts";

/** Asks the workload itself, over a connection of its own. */
export async function askHttp(
  { path }: HttpAudit,
  { checks, keyPrefix }: LedgerSource,
  baseUrl: string,
): Promise<AuditAnswer> {
  const text = await get(baseUrl.replace(/\/+$/, "") + withPrefix(path, keyPrefix));
  const entries = parseAudit(text);
  const answer: unknown = JSON.parse(text);
  return { entries, values: checks.map((check) => valueAtPlace(check, answer)) };
}

function valueAtPlace({ name, place }: AuditCheck, answer: unknown): unknown {
  if (place.type === "query")
    throw new TypeError(`${name} has a query, and the audit is no database.`);
  return place.names.reduce(member, answer);
}

function member(parent: unknown, name: string): unknown {
  return typeof parent === "object" && parent !== null && Object.hasOwn(parent, name)
    ? (parent as Readonly<Record<string, unknown>>)[name] // it is an object, and has it
    : undefined;
}

async function get(url: string): Promise<string> {
  const request = url.startsWith("https:") ? requestSecure : requestPlain;
  const signal = AbortSignal.timeout(ANSWER_WITHIN_MS);
  const { promise, resolve, reject } = Promise.withResolvers<string>();
  request(url, { agent: false, signal }, (response) => {
    const chunks: Buffer[] = [];
    response.on("data", (chunk: Buffer) => chunks.push(chunk));
    response.on("error", reject);
    response.on("end", () => {
      const text = Buffer.concat(chunks).toString("utf8");
      if (response.statusCode === 200) resolve(text);
      else reject(new Error(`it answered ${response.statusCode}: ${text.trim().slice(0, 200)}`));
    });
  })
    .on("error", reject)
    .end();
  return await promise;
}
