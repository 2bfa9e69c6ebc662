import type { ResponseHead } from "./response-head.ts";

/**
 * The cookies of one transaction. All its steps go to one host, so names and values are enough; a cookie
 * that the server takes back (an age of 0) is forgotten.
 */
export class CookieJar {
  readonly #cookies = new Map<string, string>();

  /** The value of a `Cookie` header; absent when there is no cookie. */
  get header(): string | undefined {
    if (this.#cookies.size === 0) return undefined;
    return [...this.#cookies].map(([name, value]) => `${name}=${value}`).join("; ");
  }

  keep({ headers }: ResponseHead): void {
    for (let index = 0; index < headers.length; index += 2)
      if (headers[index] === "set-cookie") this.#keepOne(headers[index + 1] ?? "");
  }

  #keepOne(cookie: string): void {
    const [pair = "", ...attributes] = cookie.split(";");
    const equals = pair.indexOf("=");
    if (equals < 1) return;
    const name = pair.slice(0, equals).trim();
    const takenBack = attributes.some((attribute) =>
      /^\s*max-age\s*=\s*(0|-\d+)\s*$/i.test(attribute),
    );
    if (takenBack) this.#cookies.delete(name);
    else this.#cookies.set(name, pair.slice(equals + 1).trim());
  }
}
