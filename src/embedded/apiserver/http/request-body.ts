import type { IncomingMessage } from "node:http";
import { ApiError } from "#embedded/api/api-error.ts";
import { findDuplicateFields } from "#embedded/apiserver/json/duplicate-fields.ts";
import { decodeObject } from "#embedded/apiserver/protobuf/decode-object.ts";
import { badRequest } from "#embedded/apiserver/status/refusals.ts";

/** Kubernetes' own limit for a request. */
const MAX_BODY_BYTES = 3 * 1024 * 1024;

/** The media type without its parameters. */
export function mediaTypeOf(request: IncomingMessage): string {
  const [mediaType = ""] = (request.headers["content-type"] ?? "").split(";");
  return mediaType.trim().toLowerCase();
}

/** The document in a request's body; undefined when the body is empty. */
export async function readDocument(request: IncomingMessage): Promise<unknown> {
  return (await readWholeBody(request)).document;
}

/** A document, and a sentence for each field that its text gives more than once: the last one counts. */
export interface ReadBody {
  readonly document: unknown;
  readonly duplicateFields: () => readonly string[];
}

/** The document in a request's body, for those who also mind how it was written. */
export async function readWholeBody(request: IncomingMessage): Promise<ReadBody> {
  const bytes = await readBytes(request);
  const nothing = () => [];
  if (bytes.length === 0) return { document: undefined, duplicateFields: nothing };
  const mediaType = mediaTypeOf(request);
  if (mediaType === "application/vnd.kubernetes.protobuf") {
    return { document: decodeObject(bytes), duplicateFields: nothing };
  }
  if (mediaType.endsWith("yaml")) {
    return await readYaml(bytes.toString("utf8"));
  }
  const document = parseJsonText(bytes);
  return {
    document,
    duplicateFields: () =>
      findDuplicateFields(bytes.toString("utf8")).map((path) => `duplicate field "${path}"`),
  };
}

async function readBytes(request: IncomingMessage): Promise<Buffer> {
  const chunks: Buffer[] = [];
  let length = 0;
  for await (const chunk of request) {
    const bytes = chunk as Buffer; // no encoding is set, so chunks are buffers
    length += bytes.length;
    if (length > MAX_BODY_BYTES) {
      const message = "Request entity too large: limit is 3145728";
      throw new ApiError(413, "RequestEntityTooLarge", message, {});
    }
    chunks.push(bytes);
  }
  return Buffer.concat(chunks);
}

function parseJsonText(bytes: Buffer): unknown {
  try {
    return JSON.parse(bytes.toString("utf8"));
  } catch (error) {
    throw badRequest(`couldn't get version/kind; json parse error: ${(error as Error).message}`);
  }
}

/** Few clients send YAML, so the parser is loaded when the first one does. */
async function readYaml(text: string): Promise<ReadBody> {
  const { parseDocument } = await import("yaml");
  const parsed = parseDocument(text);
  const error = parsed.errors.find(({ code }) => code !== "DUPLICATE_KEY");
  if (error !== undefined) throw badRequest(`yaml: ${error.message}`);
  return {
    document: parsed.toJS(),
    duplicateFields: () => {
      const lines = parsed.errors.map(
        ({ pos: [start], linePos }) =>
          `  line ${linePos?.[0].line}: key ${keyAt(text, start)} already set in map`,
      );
      return lines.length === 0 ? [] : [`yaml: unmarshal errors:\n${lines.join("\n")}`];
    },
  };
}

function keyAt(text: string, start: number): string {
  const [, key = ""] = /^["']?([^"':\s]+)/.exec(text.slice(start)) ?? [];
  return JSON.stringify(key);
}
