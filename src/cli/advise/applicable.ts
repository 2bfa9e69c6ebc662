import type { Advice, Report } from "#domain/report.ts";

/** An advice that is a setting. */
export type Setting = Advice & { readonly patch: string };

/** What of a report's advice is applied, and what is held back because it is no more than possible. */
export interface Applicable {
  readonly applied: readonly Setting[];
  readonly heldBack: readonly Setting[];
}

/**
 * A cause that is only possible may be the wrong one: its patch changes a manifest when somebody says so. A hint of a
 * run that passed explains nothing that was lost, so there is no cause to be wrong about.
 */
export function applicableAdvice(
  { advice, verdict }: Pick<Report, "advice" | "verdict">,
  { alsoPossible }: { readonly alsoPossible: boolean },
): Applicable {
  const settings = advice.filter((each): each is Setting => each.patch !== undefined);
  const isCertain = ({ confidence, hint }: Advice) =>
    alsoPossible || confidence !== "possible" || (hint === true && verdict === "pass");
  return {
    applied: settings.filter(isCertain),
    heldBack: settings.filter((each) => !isCertain(each)),
  };
}

/** One line for each that is held back, with the two ways out. */
export function describeHeldBack({ heldBack }: Applicable): string {
  return heldBack
    .map(
      ({ cause, fix }) =>
        `Not applied ${cause}: it is only possible. --prove tries it first, --also-possible applies it all the same. ${fix}\n`,
    )
    .join("");
}
