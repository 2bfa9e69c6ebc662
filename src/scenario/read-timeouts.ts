import type { Timeouts } from "#domain/load-profile.ts";
import { POSITIVE_DURATION } from "./readers.ts";
import type { Reader, YamlFields } from "./yaml-value.ts";

/** For streams that state none. */
export const DEFAULT_TIMEOUTS: Timeouts = { connectMs: 3_000, headersMs: 10_000, bodyMs: 10_000 };

/** So much longer than an answer takes on purpose do the defaults wait for it at least. */
const PATIENCE_MS = 5_000;

/**
 * What is not stated keeps its default, and the default waits for an answer that takes its time on
 * purpose, be it before the headers or in the body. A stated time that no answer can keep is refused:
 * each request would fail, and it would look like the workload's fault.
 */
export function readTimeouts(fields: YamlFields, takesMs = 0): Timeouts {
  const patientMs = takesMs + PATIENCE_MS;
  const byDefault = {
    connectMs: DEFAULT_TIMEOUTS.connectMs,
    headersMs: Math.max(DEFAULT_TIMEOUTS.headersMs, patientMs),
    bodyMs: Math.max(DEFAULT_TIMEOUTS.bodyMs, patientMs),
  };
  const takes = { ms: takesMs, text: fields.at("takes").text };
  return fields.optional("timeouts", timeoutsReader(byDefault, takes)) ?? byDefault;
}

interface Takes {
  readonly ms: number;
  /** As the user wrote it. */
  readonly text: string | undefined;
}

function timeoutsReader(byDefault: Timeouts, takes: Takes): Reader<Timeouts> {
  const expected = "a mapping such as { connect: 3s, headers: 10s, body: 10s }";
  return {
    expected,
    read: (value) => {
      const fields = value.fields(expected);
      if (fields === undefined) return undefined;
      const connectMs = fields.optional("connect", POSITIVE_DURATION);
      const headersMs = fields.optional("headers", POSITIVE_DURATION);
      const bodyMs = fields.optional("body", POSITIVE_DURATION);
      fields.refuseOthers();
      // Who states that the body may take this long may well mean that it does, and the headers come at once.
      const isInBody = bodyMs !== undefined && bodyMs > takes.ms;
      if (headersMs !== undefined && headersMs <= takes.ms && !isInBody)
        fields.at("headers").report(tooShort(fields.at("headers").text, takes.text));
      return {
        connectMs: connectMs ?? byDefault.connectMs,
        headersMs: headersMs ?? byDefault.headersMs,
        bodyMs: bodyMs ?? byDefault.bodyMs,
      };
    },
  };
}

function tooShort(headers: string | undefined, takes: string | undefined): string {
  return (
    `is "${headers}", but an answer takes ${takes} on purpose ("takes"), so every request would time out; ` +
    `make it longer than ${takes} or leave it out, or, if the headers come at once, give "body" more than ${takes}`
  );
}
