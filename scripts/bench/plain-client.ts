import { Agent, request } from "node:https";
import { parse } from "yaml";

/** Plain HTTPS with kept connections: what the server costs, and no client library. */
export interface PlainClient {
  ask(
    path: string,
    options?: { readonly method?: string; readonly body?: object },
  ): Promise<string>;
  /** Calls back with each line of a stream, until `close`; resolves when the stream has begun. */
  watch(path: string, onLine: (line: string) => void): Promise<void>;
  close(): void;
}

interface Kubeconfig {
  readonly clusters: readonly [
    {
      readonly cluster: { readonly server: string; readonly "certificate-authority-data": string };
    },
  ];
  readonly users: readonly [{ readonly user: { readonly token: string } }];
}

export function plainClient(kubeconfig: string): PlainClient {
  const { clusters, users } = parse(kubeconfig) as Kubeconfig;
  const { server, "certificate-authority-data": encoded } = clusters[0].cluster;
  const ca = Buffer.from(encoded, "base64");
  const agent = new Agent({ keepAlive: true, maxCachedSessions: 10 });
  const headers = { authorization: `Bearer ${users[0].user.token}` };
  return {
    async ask(path, { method = "GET", body } = {}) {
      const type = method === "PATCH" ? "application/merge-patch+json" : "application/json";
      const { promise, resolve, reject } = Promise.withResolvers<string>();
      const asked = request(
        new URL(path, server),
        { method, ca, agent, headers: { ...headers, "content-type": type } },
        (answer) => {
          const chunks: Buffer[] = [];
          answer.on("data", (chunk: Buffer) => chunks.push(chunk));
          answer.on("error", reject);
          answer.on("end", () => {
            const text = Buffer.concat(chunks).toString();
            if ((answer.statusCode ?? 500) < 400) resolve(text);
            else reject(new Error(`${method} ${path}: ${answer.statusCode} ${text}`));
          });
        },
      );
      asked.on("error", reject);
      asked.end(body === undefined ? undefined : JSON.stringify(body));
      return await promise;
    },
    async watch(path, onLine) {
      const { promise, resolve, reject } = Promise.withResolvers<void>();
      const asked = request(new URL(path, server), { ca, agent, headers }, (answer) => {
        resolve();
        answer.setEncoding("utf8");
        let rest = "";
        answer.on("error", () => {}); // it is cut when the client closes
        answer.on("data", (chunk: string) => {
          const lines = `${rest}${chunk}`.split("\n");
          rest = lines.pop() ?? "";
          for (const line of lines) onLine(line);
        });
      });
      asked.on("error", reject);
      asked.end();
      await promise;
    },
    close: () => agent.destroy(),
  };
}
