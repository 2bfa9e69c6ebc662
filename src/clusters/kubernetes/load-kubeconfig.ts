import { existsSync } from "node:fs";
import type { KubeConfig } from "@kubernetes/client-node";
import { HarnessError, UsageError } from "#domain/errors.ts";

/** Where the credentials come from: the text of a kubeconfig, what kubectl would use, or the pod we are. */
export interface KubeconfigSource {
  readonly kubeconfig: string | "default" | "in-cluster";
  /** Absent: the kubeconfig's current context. */
  readonly context?: string;
}

/**
 * Reads the kubeconfig as kubectl does: `KUBECONFIG`, `~/.kube/config`, the service account of a pod.
 * All ways to authenticate that the client library knows work from here on.
 */
export async function loadKubeConfig({
  kubeconfig,
  context,
}: KubeconfigSource): Promise<KubeConfig> {
  // Loading the library takes about half a second, so only who connects pays for it.
  const { KubeConfig } = await import("@kubernetes/client-node");
  const config = new KubeConfig();
  if (kubeconfig === "in-cluster") {
    requirePod();
    config.loadFromCluster();
    return config;
  }
  const origin = kubeconfig === "default" ? defaultOrigin() : "the kubeconfig given";
  try {
    if (kubeconfig === "default") config.loadFromDefault();
    else config.loadFromString(kubeconfig);
  } catch (error) {
    const words = error instanceof TypeError ? "it is no YAML mapping" : String(error);
    throw new HarnessError("KUBECONFIG_INVALID", `Could not read ${origin}: ${words}.`, {
      hint: "`kubectl config view` must show it without an error.",
      cause: error,
    });
  }
  if (kubeconfig === "default" && config.currentContext === INVENTED_CONTEXT) {
    throw new HarnessError("KUBECONFIG_MISSING", `Found no kubeconfig: ${origin} does not exist.`, {
      hint: "Set KUBECONFIG to the file of your cluster, or use the embedded cluster, which needs none.",
    });
  }
  chooseContext(config, origin, context);
  allowPlainHttp(config);
  tellPlugin(config);
  return config;
}

/** The library invents a context of this name, for localhost:8080, where it finds no kubeconfig. */
const INVENTED_CONTEXT = "loaded-context";

const TOKEN_OF_POD = "/var/run/secrets/kubernetes.io/serviceaccount/token";

function requirePod(): void {
  if (process.env["KUBERNETES_SERVICE_HOST"] && existsSync(TOKEN_OF_POD)) return;
  throw new HarnessError(
    "NOT_IN_CLUSTER",
    `There is no service account here: KUBERNETES_SERVICE_HOST or ${TOKEN_OF_POD} is missing.`,
    {
      hint: "in-cluster works in a pod alone, and not where its automountServiceAccountToken is false. Elsewhere use context:NAME.",
    },
  );
}

function defaultOrigin(): string {
  const { KUBECONFIG } = process.env;
  return KUBECONFIG || "~/.kube/config";
}

function chooseContext(config: KubeConfig, origin: string, wanted: string | undefined): void {
  const known = config.getContexts().map(({ name }) => name);
  const context = wanted ?? config.currentContext;
  if (context === undefined || context === "") {
    throw new HarnessError("CONTEXT_UNKNOWN", `No context is chosen, and ${origin} names none.`, {
      hint: `Name one of its contexts: ${known.join(", ") || "it has none"}.`,
    });
  }
  if (!known.includes(context)) {
    throw new UsageError("CONTEXT_UNKNOWN", `There is no context "${context}" in ${origin}.`, {
      hint: `Its contexts are: ${known.join(", ") || "none at all"}.`,
    });
  }
  config.setCurrentContext(context);
  if (config.getCurrentCluster() === null) {
    const cluster = config.getContextObject(context)?.cluster;
    throw new HarnessError(
      "KUBECONFIG_INVALID",
      `The context "${context}" names the cluster "${cluster}", which ${origin} does not define.`,
      { hint: "`kubectl config view` shows what is defined. Fetch the kubeconfig anew." },
    );
  }
}

/** kubectl tells a plugin what it is asked for; some refuse to answer, or answer in an old version, without. */
function tellPlugin(config: KubeConfig): void {
  const { exec } = config.getCurrentUser() ?? {};
  const cluster = config.getCurrentCluster();
  if (exec === undefined || exec === null || cluster === null) return;
  const { server, tlsServerName, skipTLSVerify, caData } = cluster;
  const about = {
    server,
    ...(tlsServerName !== undefined && { "tls-server-name": tlsServerName }),
    ...(skipTLSVerify === true && { "insecure-skip-tls-verify": true }),
    ...(caData !== undefined && { "certificate-authority-data": caData }),
  };
  const value = JSON.stringify({
    kind: "ExecCredential",
    apiVersion: exec.apiVersion,
    spec: { interactive: false, ...(exec.provideClusterInfo === true && { cluster: about }) },
  });
  exec.env = [...(exec.env ?? []), { name: "KUBERNETES_EXEC_INFO", value }];
}

/**
 * kubectl talks to an `http://` server (`kubectl proxy`, the embedded cluster) as it is. The library wants
 * `insecure-skip-tls-verify` for it, although there is no TLS whose verification could be skipped.
 */
function allowPlainHttp(config: KubeConfig): void {
  config.loadFromOptions({
    clusters: config
      .getClusters()
      .map((cluster) =>
        cluster.server.startsWith("http:") ? { ...cluster, skipTLSVerify: true } : cluster,
      ),
    contexts: config.getContexts(),
    users: config.getUsers(),
    currentContext: config.getCurrentContext(),
  });
}
