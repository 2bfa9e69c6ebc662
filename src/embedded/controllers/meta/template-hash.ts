const ALPHABET = "bcdfghjklmnpqrstvwxz2456789";

/**
 * A short name for a pod template, stable over time and over the order of its fields. Kubernetes hashes a
 * printout of its Go structs, so the same template has another hash there; only equality counts.
 */
export function templateHash(template: unknown, collisionCount = 0): string {
  const salt = collisionCount === 0 ? "" : String(collisionCount);
  const decimal = String(fnv1a(canonical(template) + salt));
  return [...decimal].map((digit) => ALPHABET[digit.charCodeAt(0) % ALPHABET.length]).join("");
}

/** JSON with the fields of every object in alphabetical order. */
export function canonical(value: unknown): string {
  return JSON.stringify(value, (_key, part: unknown) =>
    typeof part === "object" && part !== null && !Array.isArray(part)
      ? Object.fromEntries(Object.entries(part).sort(([a], [b]) => (a < b ? -1 : 1)))
      : part,
  );
}

function fnv1a(text: string): number {
  let hash = 0x811c9dc5;
  for (const byte of Buffer.from(text)) hash = Math.imul(hash ^ byte, 0x01000193);
  return hash >>> 0;
}
