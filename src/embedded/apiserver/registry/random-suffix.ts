/** No vowels, so that no words come about by accident. */
const ALPHABET = "bcdfghjklmnpqrstvwxz2456789";

/** Five characters that make a generated name unlikely to be taken. */
export function randomSuffix(random: () => number): string {
  const one = () => ALPHABET[Math.floor(random() * ALPHABET.length)];
  return Array.from({ length: 5 }, one).join("");
}
