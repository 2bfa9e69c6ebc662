import type { ApiLabelSelector } from "./api-objects.ts";

/** The selector as a query parameter, `app=web,tier in (a,b)`; empty selects everything, as in the API. */
export function formatLabelSelector(selector: ApiLabelSelector): string {
  const equalities = Object.entries(selector.matchLabels ?? {});
  return [
    ...equalities.map(([key, value]) => `${key}=${value}`),
    ...(selector.matchExpressions ?? []).map(formatExpression),
  ].join(",");
}

type Expression = NonNullable<ApiLabelSelector["matchExpressions"]>[number];

function formatExpression({ key, operator, values = [] }: Expression): string {
  switch (operator) {
    case "In":
      return `${key} in (${values.join(",")})`;
    case "NotIn":
      return `${key} notin (${values.join(",")})`;
    case "Exists":
      return key;
    case "DoesNotExist":
      return `!${key}`;
  }
}
