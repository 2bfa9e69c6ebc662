import { type AccessRule, fewestRules } from "./access-rule.ts";
import { MANAGED_BY } from "./undo-step.ts";
import type { KubernetesObject } from "./workload.ts";

const API = "rbac.authorization.k8s.io";

/** The account that is given leave. */
export interface Account {
  readonly name: string;
  readonly namespace: string;
}

/**
 * A ServiceAccount with exactly these rules: a Role and its binding for each namespace, and a ClusterRole only
 * for what no Role can give.
 */
export function rbacManifests(
  rules: readonly AccessRule[],
  account: Account,
): readonly KubernetesObject[] {
  const places = Map.groupBy(fewestRules(rules), ({ namespace }) => namespace);
  const subjects = [{ kind: "ServiceAccount", ...account }];
  const { name, namespace: home } = account;
  return [
    {
      apiVersion: "v1",
      kind: "ServiceAccount",
      metadata: { name, namespace: home, labels: MANAGED_BY },
    },
    ...[...places].flatMap(([namespace, granted]) => {
      const prefix = namespace === undefined ? "Cluster" : "";
      // What belongs to the whole cluster needs a name that no other account's has.
      const metadata =
        namespace === undefined
          ? { name: `${name}-${home}`, labels: MANAGED_BY }
          : { name, namespace, labels: MANAGED_BY };
      const apiVersion = `${API}/v1`;
      const role = `${prefix}Role`;
      return [
        { apiVersion, kind: role, metadata, rules: granted.map(ruleOf) },
        {
          apiVersion,
          kind: `${role}Binding`,
          metadata,
          roleRef: { apiGroup: API, kind: role, name: metadata.name },
          subjects,
        },
      ];
    }),
  ];
}

function ruleOf({ apiGroup, resource, verbs, names }: AccessRule) {
  return {
    apiGroups: [apiGroup],
    resources: [resource],
    ...(names !== undefined && { resourceNames: [...names] }),
    verbs: [...verbs],
  };
}
