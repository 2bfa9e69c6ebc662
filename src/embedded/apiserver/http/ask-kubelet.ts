import { request as httpRequest } from "node:http";
import { ApiError } from "#embedded/api/api-error.ts";
import { type KubeletAddress, kubeletRefusal, kubeletUnreachable } from "./kubelet-address.ts";
import type { ObjectRequest } from "./serve-resource.ts";

/** Passes a kubelet's answer to the client as it comes, for as long as the client listens. */
export async function passFromKubelet(
  { serving, exchange }: ObjectRequest,
  kubelet: KubeletAddress,
  path: string,
): Promise<void> {
  const { response } = exchange;
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
