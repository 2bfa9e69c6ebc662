import { HarnessError } from "#domain/errors.ts";
import type { ApiService, ApiServicePort } from "./api-objects.ts";

/** The port that the load goes to: the one asked for, or the only one. */
export function choosePort(
  service: ApiService,
  { name, wanted }: { readonly name: string; readonly wanted: number | undefined },
): ApiServicePort {
  const ports = service.spec.ports ?? [];
  const fitting = wanted === undefined ? ports : ports.filter(({ port }) => port === wanted);
  const [only] = fitting;
  if (only !== undefined && fitting.length === 1) return only;
  const listed = ports.map((one) => (one.name ? `${one.port} (${one.name})` : one.port)).join(", ");
  throw new HarnessError(
    "SERVICE_PORT_UNKNOWN",
    wanted === undefined
      ? `Service ${name} has ${ports.length} ports, and the scenario names none of them.`
      : `Service ${name} has no port ${wanted}.`,
    {
      hint: `Name one of its ports in the scenario as \`servicePort\`: ${listed || "it has none"}.`,
    },
  );
}
