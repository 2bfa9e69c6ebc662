/**
 * Kubernetes objects as they travel in JSON, with only the fields this room reads. The generated types
 * of the client library turn timestamps into dates and drop fields they do not know; we do neither.
 */
export interface ApiObject {
  readonly apiVersion?: string;
  readonly kind?: string;
  readonly metadata: ApiMetadata;
}

/** The metadata that a stored object always has. */
export interface ApiMetadata {
  readonly name: string;
  readonly namespace?: string;
  readonly uid: string;
  readonly resourceVersion: string;
  readonly generation?: number;
  readonly labels?: Readonly<Record<string, string>>;
  readonly annotations?: Readonly<Record<string, string>>;
  readonly deletionTimestamp?: string;
  readonly deletionGracePeriodSeconds?: number;
}

/** A collection, and the version from which a watch of it goes on without a gap. */
export interface ApiList<T extends ApiObject> {
  readonly metadata: { readonly resourceVersion: string };
  readonly items?: readonly T[];
}

/** The body of every refusal. */
export interface ApiStatus {
  readonly message?: string;
  readonly reason?: string;
  readonly code?: number;
}

export interface ApiPod extends ApiObject {
  readonly spec: {
    readonly nodeName?: string;
    readonly terminationGracePeriodSeconds?: number;
    readonly containers: readonly ApiContainer[];
    readonly initContainers?: readonly ApiContainer[];
  };
  readonly status?: {
    readonly phase?: string;
    readonly podIP?: string;
    /** Its node's address. */
    readonly hostIP?: string;
    readonly conditions?: readonly { readonly type: string; readonly status: string }[];
    readonly containerStatuses?: readonly ApiContainerStatus[];
    readonly initContainerStatuses?: readonly ApiContainerStatus[];
  };
}

export interface ApiContainer {
  readonly name: string;
  /** On an init container, `Always` makes it a sidecar. */
  readonly restartPolicy?: string;
  readonly command?: readonly string[];
  readonly args?: readonly string[];
  readonly lifecycle?: { readonly preStop?: ApiPreStop };
  readonly readinessProbe?: {
    readonly periodSeconds?: number;
    readonly failureThreshold?: number;
  };
  readonly resources?: { readonly limits?: Readonly<Record<string, string>> };
}

export interface ApiPreStop {
  readonly sleep?: { readonly seconds: number };
  readonly exec?: { readonly command?: readonly string[] };
  readonly httpGet?: object;
}

export interface ApiContainerStatus {
  readonly name: string;
  readonly ready: boolean;
  readonly restartCount: number;
  readonly image?: string;
  /** Empty until the image was pulled. */
  readonly imageID?: string;
  readonly state?: ApiContainerState;
  readonly lastState?: ApiContainerState;
}

interface ApiContainerState {
  readonly waiting?: { readonly reason?: string; readonly message?: string };
  readonly running?: { readonly startedAt?: string };
  readonly terminated?: {
    readonly exitCode: number;
    readonly reason?: string;
    readonly message?: string;
    readonly startedAt?: string | null;
    readonly finishedAt?: string | null;
  };
}

export interface ApiEndpointSlice extends ApiObject {
  readonly endpoints?:
    | readonly {
        readonly addresses: readonly string[];
        readonly conditions?: {
          readonly ready?: boolean | null;
          readonly serving?: boolean | null;
          readonly terminating?: boolean | null;
        };
        readonly targetRef?: { readonly kind?: string; readonly name?: string };
      }[]
    | null;
}

/** A Deployment, StatefulSet or DaemonSet: the counts have different names in each. */
export interface ApiWorkload extends ApiObject {
  readonly spec: {
    readonly replicas?: number;
    readonly selector: ApiLabelSelector;
    readonly minReadySeconds?: number;
    /** A Deployment's name for it; the others call it `updateStrategy`. */
    readonly strategy?: ApiUpdateStrategy;
    readonly updateStrategy?: ApiUpdateStrategy;
  };
  readonly status?: {
    readonly observedGeneration?: number;
    readonly readyReplicas?: number;
    readonly updatedReplicas?: number;
    readonly availableReplicas?: number;
    readonly updateRevision?: string;
    readonly desiredNumberScheduled?: number;
    readonly numberReady?: number;
    readonly updatedNumberScheduled?: number;
    readonly numberAvailable?: number;
  };
}

interface ApiUpdateStrategy {
  readonly rollingUpdate?: { readonly maxUnavailable?: number | string };
}

export interface ApiLabelSelector {
  readonly matchLabels?: Readonly<Record<string, string>>;
  readonly matchExpressions?: readonly {
    readonly key: string;
    readonly operator: "In" | "NotIn" | "Exists" | "DoesNotExist";
    readonly values?: readonly string[];
  }[];
}

export interface ApiEvent extends ApiObject {
  readonly involvedObject: {
    readonly kind?: string;
    readonly name?: string;
    readonly uid?: string;
  };
  readonly type?: string;
  readonly reason?: string;
  readonly message?: string;
}

export interface ApiService extends ApiObject {
  readonly spec: {
    readonly type?: string;
    readonly clusterIP?: string;
    readonly selector?: Readonly<Record<string, string>>;
    readonly externalTrafficPolicy?: string;
    readonly publishNotReadyAddresses?: boolean;
    readonly ports?: readonly ApiServicePort[];
  };
  readonly status?: {
    readonly loadBalancer?: {
      readonly ingress?: readonly { readonly ip?: string; readonly hostname?: string }[];
    };
  };
}

export interface ApiServicePort {
  readonly name?: string;
  readonly port: number;
  readonly targetPort?: number | string;
  readonly nodePort?: number;
  readonly protocol?: string;
  readonly appProtocol?: string;
}

export interface ApiNode extends ApiObject {
  /** `kind://docker/NAME/NODE` where kind made it. */
  readonly spec?: { readonly providerID?: string };
  readonly status?: {
    readonly addresses?: readonly { readonly type: string; readonly address: string }[];
    readonly conditions?: readonly {
      readonly type: string;
      readonly status: string;
      readonly reason?: string;
    }[];
    readonly nodeInfo?: { readonly machineID?: string; readonly systemUUID?: string };
  };
}
