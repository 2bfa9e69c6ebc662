import type { DisruptionPhrase } from "./disruption-phrase.ts";

/** What can be done to the nodes that carry most of the workload. */
export const NODE_PHRASES: readonly DisruptionPhrase[] = [
  {
    phrases: ["{int} node(s) is/are drained", "排空{int}個節點", "排空{int}个节点"],
    about:
      "As `kubectl drain`: those with most pods of the workload; uncordoned when the run ends.",
    disruptionOf: (workload, count: number) => ({ type: "drain-nodes", workload, count }),
  },
  {
    phrases: ["{int} node(s) is/are cordoned", "封鎖{int}個節點", "封锁{int}个节点"],
    about: "Nobody has to leave, so alone it is inconclusive; uncordoned when the run ends.",
    disruptionOf: (workload, count: number) => ({ type: "cordon-nodes", workload, count }),
  },
  {
    phrases: ["the nodes are uncordoned", "解除節點封鎖", "解除节点封锁"],
    about: "Those that this run has cordoned or drained.",
    disruptionOf: (workload) => ({ type: "uncordon-nodes", workload }),
  },
  {
    phrases: [
      "{int} node(s) is/are tainted with NoExecute",
      "為{int}個節點加上NoExecute污點",
      "为{int}个节点加上NoExecute污点",
    ],
    about: "Pods that do not tolerate it are deleted without a budget; removed when the run ends.",
    disruptionOf: (workload, count: number) => ({ type: "taint-nodes", workload, count }),
  },
  {
    phrases: ["{int} node(s) is/are shut down", "關閉{int}個節點", "关闭{int}个节点"],
    about:
      "Their machines are turned off in order (embedded, kind), and on again when the run ends.",
    disruptionOf: (workload, count: number) => ({ type: "shut-down-nodes", workload, count }),
  },
  {
    phrases: ["{int} node(s) is/are lost", "失去{int}個節點", "失去{int}个节点"],
    about:
      "Their machines are gone at once (embedded, kind); pods are replaced when the cluster gives them up, after 50 s and their tolerationSeconds.",
    disruptionOf: (workload, count: number) => ({ type: "lose-nodes", workload, count }),
  },
  {
    phrases: ["the nodes come back", "節點重新上線", "节点重新上线"],
    about: "Turns on the machines that this run has turned off.",
    disruptionOf: (workload) => ({ type: "turn-on-nodes", workload }),
  },
];
