import { type ArgoAction, SIGNALS, type Signal } from "#domain/disruption.ts";
import { UsageError } from "#domain/errors.ts";
import type { WorkloadRef } from "#domain/workload.ts";
import type { DisruptionPhrase } from "./disruption-phrase.ts";
import { NODE_PHRASES } from "./node-phrases.ts";
import type { Phrases } from "./step-registry.ts";

const ROLLOUTS: readonly DisruptionPhrase[] = [
  {
    phrases: ["a Deployment update is performed", "執行Deployment更新", "执行Deployment更新"],
    about: "Restarts the workload by a new annotation of its pod template; the annotation stays.",
    disruptionOf: (workload) => ({ type: "rolling-update", workload }),
  },
  {
    phrases: ["a StatefulSet update is performed", "執行StatefulSet更新", "执行StatefulSet更新"],
    about: "The same, and the workload must be a StatefulSet.",
    disruptionOf: (workload) => ({
      type: "rolling-update",
      workload: only("StatefulSet", workload),
    }),
  },
  {
    phrases: ["a DaemonSet update is performed", "執行DaemonSet更新", "执行DaemonSet更新"],
    about: "The same, and the workload must be a DaemonSet.",
    disruptionOf: (workload) => ({ type: "rolling-update", workload: only("DaemonSet", workload) }),
  },
  {
    phrases: ["the workload is restarted", "重新啟動工作負載", "重启工作负载"],
    about: "As `kubectl rollout restart`; for every kind of workload.",
    disruptionOf: (workload) => ({ type: "rolling-update", workload }),
  },
  {
    phrases: [
      "the image of the workload is changed to {string}",
      "將工作負載的映像檔改為{string}",
      "将工作负载的镜像改为{string}",
    ],
    about: "Of its first container; the old image is put back when the run ends.",
    disruptionOf: (workload, image: string) => ({
      type: "rolling-update",
      workload,
      change: { type: "image", image },
    }),
  },
  {
    phrases: [
      "the environment variable {string} is set to {string}",
      "將環境變數{string}設為{string}",
      "将环境变量{string}设为{string}",
    ],
    about: "In its first container; put back when the run ends.",
    disruptionOf: (workload, name: string, value: string) => ({
      type: "rolling-update",
      workload,
      change: { type: "env", name, value },
    }),
  },
  {
    phrases: [
      "the annotation {string} is set to {string}",
      "將註解{string}設為{string}",
      "将注解{string}设为{string}",
    ],
    about: "In the pod template; put back when the run ends.",
    disruptionOf: (workload, name: string, value: string) => ({
      type: "rolling-update",
      workload,
      change: { type: "annotation", name, value },
    }),
  },
  {
    phrases: ["the last rollout is undone", "復原上一次的更新", "回滚上一次更新"],
    about: "As `kubectl rollout undo`; there must be an earlier revision.",
    disruptionOf: (workload) => ({ type: "rollout-undo", workload }),
  },
];

const PODS: readonly DisruptionPhrase[] = [
  {
    phrases: ["{int} Pod(s) is/are deleted", "刪除{int}個Pod", "删除{int}个Pod"],
    about: "With each pod's own grace period. No budget is asked.",
    disruptionOf: (workload, count: number) => ({ type: "delete-pods", workload, count }),
  },
  {
    phrases: [
      "{int} Pod(s) is/are deleted with a grace period of {int} second(s)",
      "刪除{int}個Pod，寬限期為{int}秒",
      "删除{int}个Pod，宽限期为{int}秒",
    ],
    about: "The grace period of the pod does not count.",
    disruptionOf: (workload, count: number, gracePeriodSeconds: number) => ({
      type: "delete-pods",
      workload,
      count,
      gracePeriodSeconds,
    }),
  },
  {
    phrases: ["{int} Pod(s) is/are force deleted", "強制刪除{int}個Pod", "强制删除{int}个Pod"],
    about:
      "As `kubectl delete --force`: SIGKILL at once, and the pod's object goes before its processes.",
    disruptionOf: (workload, count: number) => ({
      type: "delete-pods",
      workload,
      count,
      gracePeriodSeconds: 0,
    }),
  },
  {
    phrases: ["{int} Pod(s) is/are evicted", "驅逐{int}個Pod", "驱逐{int}个Pod"],
    about: "Asks the disruption budgets, again every 5 s as kubectl does while one refuses.",
    disruptionOf: (workload, count: number) => ({ type: "evict-pods", workload, count }),
  },
  {
    phrases: [
      "{word} is sent to {int} Pod(s)",
      "將{word}訊號送給{int}個Pod",
      "将{word}信号发送给{int}个Pod",
    ],
    about:
      "To PID 1 of each first container, by `kill` or `sh` in it; SIGKILL by the node (embedded, kind). No preStop runs.",
    disruptionOf: (workload, word: string, count: number) => ({
      type: "signal-pods",
      workload,
      signal: signalOf(word),
      count,
    }),
  },
];

const SCALING: readonly DisruptionPhrase[] = [
  {
    phrases: [
      "the workload is scaled to {int} replica(s)",
      "將副本數調整為{int}個",
      "将副本数调整为{int}个",
    ],
    about: "Put back when the run ends.",
    disruptionOf: (workload, replicas: number) => ({ type: "scale", workload, replicas }),
  },
  {
    phrases: [
      "the workload is scaled to {int} replica(s) and back",
      "將副本數調整為{int}個後再復原",
      "将副本数调整为{int}个后再恢复",
    ],
    about: "Waits until both numbers were reached.",
    disruptionOf: (workload, replicas: number) => ({
      type: "scale",
      workload,
      replicas,
      andBack: true,
    }),
  },
];

const OTHERS: readonly DisruptionPhrase[] = [
  {
    phrases: ["the Job {string} is deleted", "刪除Job{string}", "删除Job{string}"],
    about: "With its pods, and cannot be put back.",
    disruptionOf: ({ namespace }, name: string) => ({
      type: "delete-job",
      job: { apiVersion: "batch/v1", kind: "Job", namespace, name },
    }),
  },
  {
    phrases: ["the namespace {string} is deleted", "刪除命名空間{string}", "删除命名空间{string}"],
    about: "Only one that is labelled lastcall.dev/test-owned=true; cannot be put back.",
    disruptionOf: (_, namespace: string) => ({ type: "delete-namespace", namespace }),
  },
  argo("restart", [
    "the Argo Rollout {string} is restarted",
    "重新啟動Argo Rollout{string}",
    "重启Argo Rollout{string}",
  ]),
  argo("promote", [
    "the Argo Rollout {string} is promoted",
    "繼續Argo Rollout{string}的更新",
    "继续Argo Rollout{string}的发布",
  ]),
  argo("abort", [
    "the Argo Rollout {string} is aborted",
    "中止Argo Rollout{string}的更新",
    "中止Argo Rollout{string}的发布",
  ]),
  {
    phrases: [
      "nothing is disturbed for {int} second(s)",
      "{int}秒內不做任何變更",
      "{int}秒内不做任何变更",
    ],
    about: "For the background alone: nothing terminates, so the verdict is inconclusive.",
    disruptionOf: (_, seconds: number) => ({ type: "none", durationMs: seconds * 1000 }),
  },
];

/** Everything that can be done to a workload, in the order in which `lastcall steps` shows it. */
export const DISRUPTION_PHRASES: readonly DisruptionPhrase[] = [
  ...ROLLOUTS,
  ...PODS,
  ...SCALING,
  ...NODE_PHRASES,
  ...OTHERS,
];

function argo(action: ArgoAction, phrases: Phrases): DisruptionPhrase {
  return {
    phrases,
    about: `As \`kubectl argo rollouts ${action}\`.`,
    disruptionOf: ({ namespace }, name: string) => ({
      type: "argo-rollout",
      rollout: { apiVersion: "argoproj.io/v1alpha1", kind: "Rollout", namespace, name },
      action,
    }),
  };
}

function only(kind: WorkloadRef["kind"], workload: WorkloadRef): WorkloadRef {
  if (workload.kind === kind) return workload;
  throw new UsageError(
    "WRONG_KIND",
    `The step asks for a ${kind}, and the workload ${workload.name} is a ${workload.kind}.`,
    { hint: "Write `the workload is restarted`, which does for every kind." },
  );
}

function signalOf(word: string): Signal {
  const signal = SIGNALS.find((each) => each === word);
  if (signal !== undefined) return signal;
  throw new UsageError("UNKNOWN_SIGNAL", `The step names the signal ${JSON.stringify(word)}.`, {
    hint: `It may be ${SIGNALS.join(", ")}.`,
  });
}
