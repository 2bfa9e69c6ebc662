import http from "node:http";
import https from "node:https";
import type { AddressInfo } from "node:net";
import { parse } from "yaml";
import type { Account } from "#domain/rbac-manifests.ts";
import type { KubernetesObject } from "#domain/workload.ts";

/** What the authorization of Kubernetes is asked about a request. */
interface Attributes {
  readonly verb: string;
  readonly apiGroup: string;
  readonly resource: string;
  readonly namespace?: string;
  readonly name?: string;
}

/** One verb on one resource, as some printed rule grants it. */
export interface Grant {
  /** Absent: the whole cluster. */
  readonly namespace?: string;
  readonly apiGroup: string;
  readonly resource: string;
  readonly name?: string;
  readonly verb: string;
}

/** An API server that lets one ServiceAccount do what it was granted and nothing else. */
export interface AuthorizingProxy {
  /** For the account: all that a client needs. */
  readonly kubeconfig: string;
  /** What is allowed from now on. */
  grant(grants: readonly Grant[]): void;
  /** The grants by which something was allowed since they were given. */
  readonly used: ReadonlySet<Grant>;
  /** `list nodes`: what was refused since. */
  readonly refused: ReadonlySet<string>;
  stop(): Promise<void>;
}

interface RoleFields {
  readonly roleRef: { readonly kind: string; readonly name: string };
  readonly subjects: readonly ({ readonly kind: string } & Account)[];
  readonly rules: readonly {
    readonly apiGroups: readonly string[];
    readonly resources: readonly string[];
    readonly resourceNames?: readonly string[];
    readonly verbs: readonly string[];
  }[];
}

/** What the account may do by these manifests: only what a binding binds to it. */
export function grantsOf(objects: readonly KubernetesObject[], account: Account): readonly Grant[] {
  return objects.flatMap((binding) => {
    const { roleRef, subjects = [] } = binding as unknown as RoleFields; // by its kind, below
    const bound = subjects.some(
      (one) =>
        one.kind === "ServiceAccount" &&
        one.name === account.name &&
        one.namespace === account.namespace,
    );
    if (!binding.kind.endsWith("RoleBinding") || !bound) return [];
    const { namespace } = binding.metadata;
    const role = objects.find(
      ({ kind, metadata }) =>
        kind === roleRef.kind && metadata.name === roleRef.name && metadata.namespace === namespace,
    ) as unknown as RoleFields; // the binding names it
    return role.rules.flatMap(({ apiGroups, resources, resourceNames = [undefined], verbs }) =>
      apiGroups.flatMap((apiGroup) =>
        resources.flatMap((resource) =>
          resourceNames.flatMap((name) =>
            verbs.map((verb) => ({
              ...(namespace !== undefined && { namespace }),
              apiGroup,
              resource,
              ...(name !== undefined && { name }),
              verb,
            })),
          ),
        ),
      ),
    );
  });
}

/** Stands before an API server that lets everybody do everything, with the credential for it. */
export async function startAuthorizingProxy(
  kubeconfig: string,
  account: Account,
): Promise<AuthorizingProxy> {
  const upstream = readUpstream(kubeconfig);
  let grants: readonly Grant[] = [];
  const used = new Set<Grant>();
  const refused = new Set<string>();
  const server = http.createServer((request, response) => {
    const asked = attributesOf(request.method ?? "GET", request.url ?? "/");
    const grant = asked && grants.find((one) => allows(one, asked));
    if (asked !== undefined && grant === undefined) {
      refused.add(`${asked.verb} ${asked.resource}`);
      response.writeHead(403, { "content-type": "application/json" });
      response.end(JSON.stringify(forbidden(asked, account)));
      return;
    }
    if (grant !== undefined) used.add(grant);
    forward({ request, response }, upstream);
  });
  await new Promise<void>((listening) => server.listen(0, "127.0.0.1", listening));
  return {
    kubeconfig: kubeconfig.replace(
      upstream.url,
      `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    ),
    grant(next) {
      grants = next;
      used.clear();
      refused.clear();
    },
    used,
    refused,
    async stop() {
      server.closeAllConnections();
      await new Promise((closed) => server.close(closed));
    },
  };
}

interface Passing {
  readonly request: http.IncomingMessage;
  readonly response: http.ServerResponse;
}

interface Upstream {
  readonly url: string;
  readonly ca: string;
  readonly token: string;
}

function readUpstream(kubeconfig: string): Upstream {
  const { clusters, users } = parse(kubeconfig); // of the embedded cluster: one of each
  const { server, "certificate-authority-data": ca } = clusters[0].cluster;
  return { url: server, ca: Buffer.from(ca, "base64").toString(), token: users[0].user.token };
}

function forward({ request, response }: Passing, { url, ca, token }: Upstream): void {
  const { method, headers } = request;
  const authorization = `Bearer ${token}`;
  const onward = https.request(
    new URL(request.url ?? "/", url),
    { method, headers: { ...headers, authorization }, ca, agent: false },
    (answer) => {
      response.writeHead(answer.statusCode ?? 502, answer.headers);
      response.flushHeaders(); // a watch may have nothing to say for long
      answer.pipe(response);
      answer.on("error", () => response.destroy());
    },
  );
  onward.on("error", () => response.destroy());
  response.on("close", () => onward.destroy());
  request.pipe(onward);
}

const VERBS: Readonly<Record<string, string>> = {
  POST: "create",
  PUT: "update",
  PATCH: "patch",
  DELETE: "delete",
};

/** As the API server reads a request; undefined for discovery and the version, which anybody may read. */
function attributesOf(method: string, target: string): Attributes | undefined {
  const { pathname, searchParams } = new URL(target, "http://server");
  const [root, ...parts] = pathname.slice(1).split("/").map(decodeURIComponent);
  const apiGroup = root === "apis" ? (parts.shift() ?? "") : "";
  parts.shift(); // the version
  if ((root !== "api" && root !== "apis") || parts.length === 0) return undefined;
  const scoped = parts[0] === "namespaces" && parts.length > 2;
  const namespace = parts[0] === "namespaces" ? parts[1] : undefined;
  const [plural = "", inPath, subresource] = scoped ? parts.slice(2) : parts;
  // A selector of the name counts as the name, so that a Role may limit a watch to one object.
  const name = inPath ?? /^metadata\.name=(.+)$/.exec(searchParams.get("fieldSelector") ?? "")?.[1];
  return {
    verb: verbOf(method, { named: inPath !== undefined, watch: searchParams.has("watch") }),
    apiGroup,
    resource: subresource === undefined ? plural : `${plural}/${subresource}`,
    ...(namespace !== undefined && { namespace }),
    ...(name !== undefined && { name }),
  };
}

function verbOf(method: string, { named, watch }: { named: boolean; watch: boolean }): string {
  if (method === "GET") return watch ? "watch" : named ? "get" : "list";
  return method === "DELETE" && !named ? "deletecollection" : (VERBS[method] ?? method);
}

function allows(grant: Grant, asked: Attributes): boolean {
  return (
    grant.verb === asked.verb &&
    grant.apiGroup === asked.apiGroup &&
    grant.resource === asked.resource &&
    (grant.namespace === undefined || grant.namespace === asked.namespace) &&
    (grant.name === undefined || grant.name === asked.name)
  );
}

/** Word by word what the API server answers. */
function forbidden({ verb, apiGroup, resource, namespace, name }: Attributes, account: Account) {
  const user = `system:serviceaccount:${account.namespace}:${account.name}`;
  const group = apiGroup === "" ? resource : `${resource}.${apiGroup}`;
  const where =
    namespace === undefined ? "at the cluster scope" : `in the namespace "${namespace}"`;
  const what = name === undefined ? `${group} is forbidden` : `${group} "${name}" is forbidden`;
  return {
    kind: "Status",
    apiVersion: "v1",
    metadata: {},
    status: "Failure",
    message: `${what}: User "${user}" cannot ${verb} resource "${resource}" in API group "${apiGroup}" ${where}`,
    reason: "Forbidden",
    details: { ...(name !== undefined && { name }), group: apiGroup, kind: resource },
    code: 403,
  };
}
