import type { Container, KubeObject, Pod } from "#embedded/api/objects.ts";
import { randomSuffix } from "#embedded/apiserver/registry/random-suffix.ts";
import type { ServerContext } from "#embedded/apiserver/registry/server-context.ts";
import { storeKey } from "#embedded/apiserver/store/store.ts";

const PREFIX = "kube-api-access-";
const MOUNT_PATH = "/var/run/secrets/kubernetes.io/serviceaccount";

/** One hour, and seven seconds by which a token that nobody has asked for by hand is known. */
const SECONDS = 3607;

/** Gives the containers of a new pod what they need to talk to the API, unless pod or account say no. */
export function mountServiceAccount(pod: Pod, context: ServerContext): void {
  const { spec, metadata } = pod;
  const { namespace = "default" } = metadata;
  const key = storeKey(namespace, String(spec["serviceAccountName"]));
  const account: KubeObject | undefined = context.store.get("/serviceaccounts", key);
  if (account === undefined) return;
  const wanted = spec["automountServiceAccountToken"] ?? account["automountServiceAccountToken"];
  if (wanted === false) return;
  const given = spec.volumes?.find(({ name }) => name.startsWith(PREFIX))?.name;
  const name = given ?? PREFIX + randomSuffix(context.random);
  const without = [...(spec.initContainers ?? []), ...spec.containers].filter(
    (container) => !mountsAccount(container),
  );
  for (const container of without) {
    const mount = { name, mountPath: MOUNT_PATH, readOnly: true };
    container.volumeMounts = [...(container.volumeMounts ?? []), mount];
  }
  if (given !== undefined || without.length === 0) return;
  spec.volumes = [
    ...(spec.volumes ?? []),
    { name, projected: { defaultMode: 0o644, sources: SOURCES } },
  ];
}

function mountsAccount({ volumeMounts = [] }: Container): boolean {
  return volumeMounts.some(({ mountPath }) => mountPath === MOUNT_PATH);
}

const NAMESPACE = { apiVersion: "v1", fieldPath: "metadata.namespace" };
const SOURCES = [
  { serviceAccountToken: { expirationSeconds: SECONDS, path: "token" } },
  { configMap: { name: "kube-root-ca.crt", items: [{ key: "ca.crt", path: "ca.crt" }] } },
  { downwardAPI: { items: [{ path: "namespace", fieldRef: NAMESPACE }] } },
];
