/** What a kubelet asks the API server for: a token by which one pod speaks for a service account. */
export interface PodTokenWish {
  readonly namespace: string;
  readonly serviceAccount: string;
  readonly audiences: readonly string[];
  readonly expirationSeconds: number;
  readonly pod: { readonly name: string; readonly uid: string };
}
