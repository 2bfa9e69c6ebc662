import { request } from "node:https";
import { KubeConfig } from "@kubernetes/client-node";
import {
  type ApiServer,
  type ApiServerOptions,
  startApiServer,
} from "#embedded/apiserver/start-api-server.ts";

/** An API server on a free port, for one test file. */
export async function startTestServer(
  options: Partial<ApiServerOptions> = {},
): Promise<ApiServer & { readonly config: KubeConfig }> {
  const server = await startApiServer({
    address: "127.0.0.1",
    port: 0,
    serviceAddressPrefix: "127.0.250",
    clusterSecret: "kubelets-only",
    ...options,
  });
  const config = new KubeConfig();
  config.loadFromString(server.kubeconfig);
  return { ...server, config };
}

/** An answer as it came over the wire; `body` only when it is one JSON document. */
export interface RawAnswer {
  readonly code: number;
  readonly headers: Readonly<Record<string, string | readonly string[] | undefined>>;
  readonly text: string;
  // biome-ignore lint/suspicious/noExplicitAny: the tests look into bodies of every shape
  readonly body: any;
}

interface RawRequest {
  readonly method?: string;
  readonly body?: unknown;
  readonly headers?: Readonly<Record<string, string>>;
}

/** One request as it goes over the wire, for what client libraries hide. */
export async function ask(
  { config, url }: { readonly config: KubeConfig; readonly url: string },
  path: string,
  { method = "GET", body, headers = {} }: RawRequest = {},
): Promise<RawAnswer> {
  const payload = Buffer.isBuffer(body) ? body : Buffer.from(JSON.stringify(body) ?? "");
  return await new Promise((resolve, reject) => {
    const sent = request(
      new URL(path, url),
      {
        method,
        agent: false,
        ca: Buffer.from(config.getCurrentCluster()?.caData ?? "", "base64"),
        headers: {
          authorization: `Bearer ${config.getCurrentUser()?.token}`,
          "content-type": "application/json",
          "content-length": String(payload.length),
          ...headers,
        },
      },
      (answer) => {
        answer.setEncoding("utf8");
        let text = "";
        answer.on("data", (chunk: string) => {
          text += chunk;
        });
        answer.on("end", () => {
          const isJson = String(answer.headers["content-type"]).startsWith("application/json");
          const isOne = isJson && !text.trimEnd().includes("\n");
          resolve({
            code: answer.statusCode ?? 0,
            headers: answer.headers,
            text,
            body: isOne && text !== "" ? JSON.parse(text) : undefined,
          });
        });
        answer.on("error", reject);
      },
    );
    sent.on("error", reject);
    sent.end(payload);
  });
}

/** A pod as small as validation allows. */
export function aPod(
  name: string,
  spec: object = {},
): { metadata: { name: string; namespace: string }; spec: object } {
  return {
    metadata: { name, namespace: "default" },
    spec: { containers: [{ name: "app", image: "app:1" }], ...spec },
  };
}
