import type { Resource } from "#embedded/api/client.ts";
import {
  define,
  type ResourceDefinition,
} from "#embedded/apiserver/registry/resource-definition.ts";

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

function authorization(plural: string, kind: string): Resource {
  return { group: "authorization.k8s.io", version: "v1", plural, kind, namespaced: false };
}

function review(resource: Resource, answer: (user: object) => object): ResourceDefinition {
  return define(resource, { verbs: ["create"], reviewAnswer: answer });
}
