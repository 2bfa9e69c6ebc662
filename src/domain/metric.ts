/**
 * The metrics a threshold can name. Base units: `ratio` is 0 to 1, `ms` is milliseconds, `count` is a
 * whole number. `better` says on which side of its limit a healthy value lies.
 */
export interface Metric {
  readonly name: MetricName;
  readonly unit: "ratio" | "ms" | "count";
  readonly better: "lower" | "higher";
  readonly title: string;
  /** Phrases that name the metric in a feature, lower case, spaces single; the title is one of them. */
  readonly phrases: readonly string[];
}

/** As results spell it and features may; a new one does not compile until a checker measures it. */
export type MetricName =
  | "request-error-rate"
  | "dropped-requests"
  | "transaction-completion-rate"
  | "deregistration-latency"
  | "stale-requests"
  | "failures-per-termination"
  | "longest-gap"
  | "grace-used"
  | "forced-kills"
  | "capacity"
  | "audit-violations"
  | "leaks"
  | "cut-connections";

/** In the order in which reports show them. */
export const METRICS: readonly Metric[] = [
  {
    name: "request-error-rate",
    unit: "ratio",
    better: "lower",
    title: "Request error rate",
    phrases: ["request error rate", "error rate", "請求錯誤率", "请求错误率"],
  },
  {
    name: "dropped-requests",
    unit: "count",
    better: "lower",
    title: "Dropped requests",
    phrases: ["dropped requests", "遺失請求數", "丢失请求数"],
  },
  {
    name: "transaction-completion-rate",
    unit: "ratio",
    better: "higher",
    title: "Transaction completion rate",
    phrases: ["transaction completion rate", "事務完成率", "事务完成率"],
  },
  {
    name: "deregistration-latency",
    unit: "ms",
    better: "lower",
    title: "Deregistration latency",
    phrases: [
      "deregistration latency",
      "service deregistration latency",
      "服務注銷延遲",
      "服務註銷延遲",
      "服务注销延迟",
    ],
  },
  {
    name: "stale-requests",
    unit: "count",
    better: "lower",
    title: "Stale requests",
    phrases: ["stale requests", "過期請求數", "过期请求数"],
  },
  {
    name: "failures-per-termination",
    unit: "count",
    better: "lower",
    title: "Failures per termination",
    phrases: ["failures per termination", "每次終止失敗數", "每次终止失败数"],
  },
  {
    name: "longest-gap",
    unit: "ms",
    better: "lower",
    title: "Longest gap",
    phrases: ["longest gap", "最長中斷", "最长中断"],
  },
  {
    name: "grace-used",
    unit: "ratio",
    better: "lower",
    title: "Grace used",
    phrases: ["grace used", "寬限期使用率", "宽限期使用率"],
  },
  {
    name: "forced-kills",
    unit: "count",
    better: "lower",
    title: "Forced kills",
    phrases: ["forced kills", "強制終止數", "强制终止数"],
  },
  {
    name: "capacity",
    unit: "ratio",
    better: "higher",
    title: "Capacity",
    phrases: ["capacity", "可用容量"],
  },
  {
    name: "audit-violations",
    unit: "count",
    better: "lower",
    title: "Audit violations",
    phrases: ["audit violations", "稽核違規數", "审计违规数"],
  },
  {
    name: "leaks",
    unit: "count",
    better: "lower",
    title: "Leaks",
    phrases: ["leaks", "洩漏數", "泄漏数"],
  },
  {
    name: "cut-connections",
    unit: "count",
    better: "lower",
    title: "Cut connections",
    phrases: ["cut connections", "中斷連線數", "中断连接数"],
  },
];

/** The registry entry of a metric. */
export function metricOf(name: MetricName): Metric {
  const metric = METRICS.find((candidate) => candidate.name === name);
  if (metric === undefined) throw new TypeError(`No metric is registered as ${name}.`);
  return metric;
}

/** Finds the metric that a feature names, in any of the three languages; undefined when none does. */
export function findMetric(phrase: string): Metric | undefined {
  const wanted = phrase.trim().toLowerCase().replaceAll(/\s+/g, " ");
  return METRICS.find((metric) => metric.name === wanted || metric.phrases.includes(wanted));
}
