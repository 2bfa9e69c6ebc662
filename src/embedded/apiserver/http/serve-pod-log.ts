import { request as httpRequest } from "node:http";
import { ApiError } from "#embedded/api/api-error.ts";
import type { Pod } from "#embedded/api/objects.ts";
import { getObject } from "#embedded/apiserver/registry/read-objects.ts";
import { methodNotAllowed } from "#embedded/apiserver/status/refusals.ts";
import { kubeletOf, kubeletRefusal, kubeletUnreachable } from "./kubelet-address.ts";
import { loggedContainer } from "./logged-container.ts";
import type { ObjectRequest } from "./serve-resource.ts";

/** Options that the kubelet, not the API server, acts upon. */
const PASSED_ON = [
  "follow",
  "previous",
  "sinceSeconds",
  "sinceTime",
  "timestamps",
  "tailLines",
  "limitBytes",
  "stream",
];

/** Streams a container's log from the kubelet of the pod's node, for as long as the client listens. */
export async function servePodLog(request: ObjectRequest): Promise<void> {
  const { serving, exchange, target, definition, name } = request;
  const { query, response } = exchange;
  if (exchange.request.method !== "GET") throw methodNotAllowed();
  const { namespace = "" } = target;
  const pod = getObject(serving.context, definition, { namespace, name }) as Pod;
  const container = loggedContainer(pod, query.get("container") ?? "");
  const kubelet = kubeletOf(serving.context, pod);
  const passed = new URLSearchParams([...query].filter(([key]) => PASSED_ON.includes(key)));
  const path = `/containerLogs/${namespace}/${name}/${container}?${passed}`;
  const headers = { authorization: `Bearer ${serving.clusterSecret}` };
  const upstream = httpRequest({ ...kubelet, path, headers, agent: false });
  const stop = () => upstream.destroy();
  response.on("close", stop);
  serving.stopping.addEventListener("abort", stop);
  try {
    await new Promise<void>((resolve, reject) => {
      upstream.on("error", reject);
      upstream.on("response", (answer) => {
        if ((answer.statusCode ?? 500) >= 400) {
          answer.setEncoding("utf8");
          let text = "";
          answer.on("data", (chunk: string) => {
            text += chunk;
          });
          answer.on("end", () => reject(kubeletRefusal(answer.statusCode ?? 500, text)));
          return;
        }
        response.writeHead(200, { "content-type": "text/plain" });
        response.flushHeaders();
        answer.pipe(response);
        answer.on("end", resolve);
        answer.on("error", reject);
      });
      upstream.end();
    });
  } catch (error) {
    throw error instanceof ApiError ? error : kubeletUnreachable(kubelet, path, error);
  } finally {
    response.off("close", stop);
    serving.stopping.removeEventListener("abort", stop);
  }
}
