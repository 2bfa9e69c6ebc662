import type { PostgresAudit } from "#domain/audit-source.ts";
import { HarnessError } from "#domain/errors.ts";
import type { LoadStream } from "#domain/load-profile.ts";

type Environment = Readonly<Record<string, string | undefined>>;

/** The address of the database, from the environment variable that the scenario names. */
export function databaseUrl({ urlFrom }: PostgresAudit, env: Environment): string {
  const url = env[urlFrom] ?? "";
  if (/^postgres(ql)?:\/\//.test(url) && URL.canParse(url)) return url;
  // What is there may hold a password in whatever form, so it is not quoted.
  const found = url === "" ? "is not set" : "holds no such address";
  throw new HarnessError(
    "NO_DATABASE_URL",
    `The ledger cannot be read back: the environment variable ${urlFrom} ${found}.`,
    {
      hint: `Set it to the address of the database: export ${urlFrom}=postgres://user:password@host:5432/name`,
    },
  );
}

/** Throws before anything is started when a ledger could not be read back for want of an address. */
export function requireDatabaseUrls(load: readonly LoadStream[], env: Environment): void {
  for (const stream of load)
    if (stream.type === "transactions" && stream.audit.type === "postgres")
      databaseUrl(stream.audit, env);
}

/** A message of the driver without the address and its password, wherever they came in. */
export function withoutSecrets(message: string, url: string): string {
  const { password, searchParams } = new URL(url);
  return [url, password, decodeURIComponent(password), searchParams.get("password") ?? ""]
    .filter((secret) => secret !== "")
    .reduce((text, secret) => text.replaceAll(secret, "***"), message);
}
