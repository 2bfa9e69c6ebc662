import type { Resource } from "#embedded/api/client.ts";
import {
  define,
  type ResourceDefinition,
  type ReviewAnswer,
} from "#embedded/apiserver/registry/resource-definition.ts";
import { API_AUDIENCE } from "#embedded/apiserver/service-accounts/token-issuer.ts";

/** Everybody who gets in may do everything. */
const ALLOWED = () => ({ allowed: true });
const ALL_RULES = () => ({
  resourceRules: [{ verbs: ["*"], apiGroups: ["*"], resources: ["*"] }],
  nonResourceRules: [{ verbs: ["*"], nonResourceURLs: ["*"] }],
  incomplete: false,
});

/** Questions about access and identity: asked by creating an object, answered in its status, not stored. */
export const REVIEW_RESOURCES: readonly ResourceDefinition[] = [
  review(authorization("selfsubjectaccessreviews", "SelfSubjectAccessReview"), ALLOWED),
  review(authorization("subjectaccessreviews", "SubjectAccessReview"), ALLOWED),
  review(
    {
      ...authorization("localsubjectaccessreviews", "LocalSubjectAccessReview"),
      namespaced: true,
    },
    ALLOWED,
  ),
  review(authorization("selfsubjectrulesreviews", "SelfSubjectRulesReview"), ALL_RULES),
  review(
    {
      group: "authentication.k8s.io",
      version: "v1",
      plural: "selfsubjectreviews",
      kind: "SelfSubjectReview",
      namespaced: false,
    },
    (userInfo) => ({ userInfo }),
  ),
];

/** Whose token it is that somebody has been shown; `authenticate` knows the tokens of this server. */
export function tokenReviews(
  authenticate: (token: string) => object | undefined,
): ResourceDefinition {
  const resource = {
    ...{ group: "authentication.k8s.io", version: "v1" },
    ...{ plural: "tokenreviews", kind: "TokenReview", namespaced: false },
  };
  return review(resource, (_, { spec }) => {
    const { token = "", audiences } = (spec ?? {}) as { token?: string; audiences?: string[] };
    const user = authenticate(token);
    return user === undefined
      ? { authenticated: false, user: {}, error: "[invalid bearer token]" }
      : { authenticated: true, user, audiences: audiences ?? [API_AUDIENCE] };
  });
}

function authorization(plural: string, kind: string): Resource {
  return { group: "authorization.k8s.io", version: "v1", plural, kind, namespaced: false };
}

function review(resource: Resource, answer: ReviewAnswer): ResourceDefinition {
  return define(resource, { verbs: ["create"], reviewAnswer: answer });
}
