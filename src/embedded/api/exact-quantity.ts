/** A Kubernetes quantity that can be added up without rounding, and the family of suffixes it was written in. */
export interface ExactQuantity {
  /** Billionths, the finest that a quantity can say. */
  readonly nanos: bigint;
  readonly binary: boolean;
}

const NANO = 1_000_000_000n;
const DECIMAL = ["n", "u", "m", "", "k", "M", "G", "T", "P", "E"];
const BINARY = ["", "Ki", "Mi", "Gi", "Ti", "Pi", "Ei"];

/** None at all; takes the suffixes of whatever is added to it. */
export const ZERO: ExactQuantity = { nanos: 0n, binary: false };

/** Reads `500m`, `128Mi` or `1e3`; undefined when it is no quantity. */
export function parseExactQuantity(text: string): ExactQuantity | undefined {
  const match = /^([+-]?)(\d*)\.?(\d*)(?:[eE]([+-]?\d{1,3})|([A-Za-z]*))$/.exec(text.trim());
  const [, sign, whole = "", fraction = "", exponent = "0", suffix = ""] = match ?? [];
  if (match === null || whole + fraction === "") return undefined;
  const digits = BigInt(whole + fraction);
  const binaryPower = suffix === "" ? -1 : BINARY.indexOf(suffix);
  const decimalPower = DECIMAL.indexOf(suffix);
  if (binaryPower < 0 && decimalPower < 0) return undefined;
  const factor = binaryPower < 0 ? 1n : 1024n ** BigInt(binaryPower);
  // Of a decimal suffix the powers of ten count from the nano up.
  const tens = (binaryPower < 0 ? 3 * decimalPower : 9) + Number(exponent) - fraction.length;
  const scaled = digits * factor * (tens > 0 ? 10n ** BigInt(tens) : 1n);
  const nanos = tens < 0 ? divideUp(scaled, 10n ** BigInt(-tens)) : scaled;
  return { nanos: sign === "-" ? -nanos : nanos, binary: binaryPower >= 0 };
}

/** Written in the suffixes of the first, as Kubernetes does it, unless that is nothing. */
export function addQuantities(left: ExactQuantity, right: ExactQuantity): ExactQuantity {
  const { binary } = left.nanos === 0n ? right : left;
  return { nanos: left.nanos + right.nanos, binary };
}

/** In the canonical form: the greatest suffix that leaves a whole number. */
export function formatQuantity({ nanos, binary }: ExactQuantity): string {
  if (nanos === 0n) return "0";
  if (binary && nanos % NANO === 0n && (nanos >= 1024n * NANO || nanos <= -1024n * NANO)) {
    return withSuffix(nanos / NANO, 1024n, BINARY);
  }
  return withSuffix(nanos, 1000n, DECIMAL);
}

function withSuffix(amount: bigint, step: bigint, suffixes: readonly string[]): string {
  let rest = amount;
  let power = 0;
  while (power < suffixes.length - 1 && rest % step === 0n) {
    rest /= step;
    power += 1;
  }
  return `${rest}${suffixes[power]}`;
}

function divideUp(amount: bigint, by: bigint): bigint {
  return (amount + by - 1n) / by;
}
