import type { Pickle } from "@cucumber/messages";
import { UsageError } from "#domain/errors.ts";

const PREFIX = "@scenario:";

/** What `@scenario:storefront` names; undefined without such a tag. A tag of the Feature counts for all in it. */
export function taggedScenario({ tags, uri }: Pick<Pickle, "tags" | "uri">): string | undefined {
  const named = tags.flatMap(({ name }) =>
    name.startsWith(PREFIX) ? name.slice(PREFIX.length) : [],
  );
  const [scenario, other] = new Set(named);
  if (other === undefined) return scenario;
  throw new UsageError(
    "TWO_SCENARIOS",
    `${uri}: its tags name two scenarios, ${scenario} and ${other}.`,
    { hint: "Leave one of the tags; a tag of the Feature counts for each Scenario in it." },
  );
}
