/** What kind and its containers say when they fail, and the step that mends it. */
const KNOWN: readonly (readonly [RegExp, string])[] = [
  [
    /failed to pull image|pull access denied|no such host|manifest unknown/,
    "kind's node image could not be had from a registry. Where it is reachable, `docker pull` it first; else name one that this machine has: --kind-image IMAGE (`docker image ls kindest/node` lists them).",
  ],
  [
    /too many open files|inotify/,
    "Several nodes need more inotify instances than this kernel allows: sudo sysctl fs.inotify.max_user_instances=512 fs.inotify.max_user_watches=524288.",
  ],
  [
    /node\(s\) already exist for a cluster with the name/,
    "A cluster of that name is there: use it with --cluster kind:NAME, or remove it with `kind delete cluster --name NAME`.",
  ],
  [
    /unknown (?:apiVersion|kind)|error unmarshaling|invalid configuration|unable to decode config/,
    "The file of --kind-config is none that kind accepts: https://kind.sigs.k8s.io/docs/user/configuration.",
  ],
  [/port is already allocated|address already in use/, "A hostPort of --kind-config is taken."],
  [
    /no space left on device/,
    "The engine's disk is full; `docker system df` shows by what, `docker system prune` frees some.",
  ],
  [
    /permission denied while trying to connect|permission denied.*docker\.sock/,
    "This user may not use the container engine: add it to the group docker, or run as root.",
  ],
  [
    /unable to apply caps|operation not permitted|privileged mode is incompatible/,
    "kind's nodes are privileged containers, and this machine or its engine allows none: use a machine that does, or --cluster embedded.",
  ],
  [
    /kubeadm init|could not find a (?:log )?line|Multi-User System/,
    "The nodes' containers ran, but Kubernetes did not start in them: often too little memory, cgroup v1 with Kubernetes 1.35 or newer, or a node image that does not fit this version of kind. `kind create cluster --retain` and `kind export logs` show more.",
  ],
];

/** The next step for what kind said; undefined when its words are new to us. */
export function adviseOnKind(words: string): string | undefined {
  return KNOWN.find(([pattern]) => pattern.test(words))?.[1];
}
