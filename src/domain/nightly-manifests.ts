import type { AccessRule } from "./access-rule.ts";
import { rbacManifests } from "./rbac-manifests.ts";
import { MANAGED_BY } from "./undo-step.ts";
import type { KubernetesObject } from "./workload.ts";

/** The text of files by their paths, relative to the folder that they were taken from. */
export type PackedFiles = Readonly<Record<string, string>>;

/** What is run night by night, and as whom. */
export interface Nightly {
  readonly namespace: string;
  /** As cron has it, in the time of the cluster's control plane. */
  readonly schedule: string;
  /** With Lastcall as its entry point. */
  readonly image: string;
  readonly features: PackedFiles;
  readonly scenario: PackedFiles;
  /** The lastcall.yaml of its runs. */
  readonly settings: string;
  readonly pushgateway?: string;
  readonly access: readonly AccessRule[];
}

const NAME = "lastcall";

/** Everything that a CronJob needs to run features in the cluster itself and keep their reports. */
export function nightlyManifests(nightly: Nightly): readonly KubernetesObject[] {
  const { namespace, features, scenario, settings, access } = nightly;
  const metadata = (name: string) => ({ name, namespace, labels: MANAGED_BY });
  const files = (name: string, packed: PackedFiles): KubernetesObject => ({
    apiVersion: "v1",
    kind: "ConfigMap",
    metadata: metadata(name),
    data: Object.fromEntries(Object.entries(packed).map(([path, text]) => [keyOf(path), text])),
  });
  return [
    ...rbacManifests(access, { name: NAME, namespace }),
    files(`${NAME}-features`, features),
    files(`${NAME}-scenario`, scenario),
    files(`${NAME}-settings`, { "lastcall.yaml": settings }),
    {
      apiVersion: "v1",
      kind: "PersistentVolumeClaim",
      metadata: metadata(`${NAME}-reports`),
      spec: { accessModes: ["ReadWriteOnce"], resources: { requests: { storage: "1Gi" } } },
    },
    {
      apiVersion: "batch/v1",
      kind: "CronJob",
      metadata: metadata(`${NAME}-nightly`),
      spec: cronJobSpec(nightly),
    },
  ];
}

function cronJobSpec(nightly: Nightly): object {
  return {
    schedule: nightly.schedule,
    concurrencyPolicy: "Forbid", // two runs would disturb each other; the Lease would refuse the second
    startingDeadlineSeconds: 3600,
    successfulJobsHistoryLimit: 3,
    failedJobsHistoryLimit: 3,
    jobTemplate: {
      spec: {
        backoffLimit: 0, // a verdict is an answer: asking again until it is another would hide it
        template: {
          metadata: { labels: MANAGED_BY, annotations: SCRAPED },
          spec: podSpec(nightly),
        },
      },
    },
  };
}

/** The customary port of Lastcall's metrics, and what most Prometheus set-ups find a pod by. */
const METRICS_PORT = 9464;
const SCRAPED = {
  "prometheus.io/scrape": "true",
  "prometheus.io/port": String(METRICS_PORT),
};

function podSpec({ image, features, scenario, pushgateway }: Nightly): object {
  const configMap = (name: string, packed: PackedFiles) => ({
    name,
    configMap: {
      name: `${NAME}-${name}`,
      items: Object.keys(packed).map((path) => ({ key: keyOf(path), path })),
    },
  });
  return {
    serviceAccountName: NAME,
    restartPolicy: "Never",
    terminationGracePeriodSeconds: 120, // what was changed is put back first
    securityContext: {
      runAsNonRoot: true,
      runAsUser: 1000,
      runAsGroup: 1000,
      fsGroup: 1000,
      seccompProfile: { type: "RuntimeDefault" },
    },
    containers: [
      {
        name: NAME,
        image,
        workingDir: "/work",
        args: [
          ...["run", "features", "--cluster", "in-cluster"],
          ...["--scenario", "scenario", "--reports", "reports"],
          ...["--metrics", `:${METRICS_PORT}`],
          ...(pushgateway === undefined ? [] : ["--pushgateway", pushgateway]),
        ],
        ports: [{ name: "metrics", containerPort: METRICS_PORT }],
        // What a killed run has to take back outlives its pod, beside the reports.
        env: [
          { name: "HOME", value: "/tmp" },
          { name: "XDG_STATE_HOME", value: "/work/reports/.state" },
        ],
        securityContext: {
          allowPrivilegeEscalation: false,
          readOnlyRootFilesystem: true,
          capabilities: { drop: ["ALL"] },
        },
        // No limit of processor time: a generator that is throttled is late, and then proves nothing.
        resources: {
          requests: { cpu: "1", memory: "512Mi" },
          limits: { memory: "1Gi" },
        },
        volumeMounts: [
          { name: "features", mountPath: "/work/features", readOnly: true },
          { name: "scenario", mountPath: "/work/scenario", readOnly: true },
          {
            name: "settings",
            mountPath: "/work/lastcall.yaml",
            subPath: "lastcall.yaml",
            readOnly: true,
          },
          { name: "reports", mountPath: "/work/reports" },
          { name: "tmp", mountPath: "/tmp" },
        ],
      },
    ],
    volumes: [
      configMap("features", features),
      configMap("scenario", scenario),
      configMap("settings", { "lastcall.yaml": "" }),
      { name: "reports", persistentVolumeClaim: { claimName: `${NAME}-reports` } },
      { name: "tmp", emptyDir: {} },
    ],
  };
}

/** A ConfigMap's keys have no slash; the volume gives each file its path again. */
function keyOf(path: string): string {
  return path.replaceAll("/", "__");
}
