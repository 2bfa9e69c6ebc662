import type { Pod } from "#embedded/api/objects.ts";
import type { PodTokenWish } from "#embedded/api/pod-token-wish.ts";

const DEFAULT_SECONDS = 3_600;

/** A token is replaced when this share of its life is over. */
const RENEWED_AT = 0.8;

/** Throws when the account or the pod is not there any more. */
export type IssueToken = (wish: PodTokenWish) => string;

/** A token as a volume describes it. */
export interface WantedToken {
  readonly path: string;
  readonly audience?: string;
  readonly expirationSeconds?: number;
}

/** The tokens by which the pods of a node speak for their service accounts; each is asked for once in its life. */
export class PodTokens {
  readonly #issue: IssueToken;
  readonly #tokens = new Map<string, { readonly token: string; readonly renewAtMs: number }>();

  constructor(issue: IssueToken) {
    this.#issue = issue;
  }

  tokenFor(pod: Pod, wanted: WantedToken): string {
    const { namespace = "default", name, uid } = pod.metadata;
    const { audience, expirationSeconds = DEFAULT_SECONDS } = wanted;
    const key = `${uid}/${audience ?? ""}/${expirationSeconds}`;
    const known = this.#tokens.get(key);
    if (known !== undefined && Date.now() < known.renewAtMs) return known.token;
    const token = this.#issue({
      ...{ namespace, expirationSeconds, pod: { name, uid } },
      serviceAccount: String(pod.spec["serviceAccountName"] ?? "default"),
      audiences: audience === undefined ? [] : [audience],
    });
    const renewAtMs = Date.now() + expirationSeconds * 1000 * RENEWED_AT;
    this.#tokens.set(key, { token, renewAtMs });
    return token;
  }

  forget(uid: string): void {
    for (const key of this.#tokens.keys()) if (key.startsWith(`${uid}/`)) this.#tokens.delete(key);
  }
}
