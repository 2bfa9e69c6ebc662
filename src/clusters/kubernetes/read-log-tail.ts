import type { ApiConnection } from "./api-connection.ts";
import { refusal } from "./api-errors.ts";
import { coreCollection } from "./api-paths.ts";

interface ContainerOfPod {
  readonly namespace: string;
  readonly pod: string;
  readonly container: string;
}

/** The last lines of the container's current or, in a back-off, last incarnation; empty when it never ran. */
export async function readLogTail(
  api: ApiConnection,
  { container, lines }: { readonly container: ContainerOfPod; readonly lines: number },
  signal: AbortSignal,
): Promise<string> {
  const { namespace, pod } = container;
  const attempt = `read the log of container ${container.container} in Pod ${namespace}/${pod}`;
  const answer = await api.request(
    {
      attempt,
      method: "GET",
      path: `${coreCollection(namespace, "pods")}/${encodeURIComponent(pod)}/log`,
      query: { container: container.container, tailLines: String(lines) },
    },
    signal,
  );
  // 400: "is waiting to start"; 404: the pod went away. Either way there is no log to show.
  if (answer.status === 400 || answer.status === 404) return "";
  if (answer.status !== 200) throw refusal(attempt, answer);
  return answer.text.trimEnd();
}
