import type { LoadStream } from "#domain/load-profile.ts";
import { streamKeyPrefix } from "#load/stream-context.ts";
import type { Clock } from "#ports/clock.ts";
import type { LoadPlan } from "#ports/load-driver.ts";
import type { LedgerSource } from "./audit-answer.ts";
import type { AuditReading } from "./read-audit.ts";

const AUDIT_PAUSE_MS = 500;

/** What of the workload's own ledgers belongs to a plan, and where it is asked for. */
export function auditReading(plan: LoadPlan, clock: Pick<Clock, "nowMs">): AuditReading {
  const { baseUrl } = plan;
  return { baseUrl, ledgers: ledgerSources(plan), clock, pauseMs: AUDIT_PAUSE_MS };
}

function ledgerSources({ streams, keyPrefix }: LoadPlan): readonly LedgerSource[] {
  const prefixOf = (stream: LoadStream) => streamKeyPrefix(keyPrefix, stream);
  return streams.flatMap((stream) => {
    if (stream.type !== "transactions") return [];
    const otherPrefixes = streams.filter((other) => other !== stream).map(prefixOf);
    const { audit: source, checks = [] } = stream;
    return [{ source, checks, keyPrefix: prefixOf(stream), otherPrefixes }];
  });
}
