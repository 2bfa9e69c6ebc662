import type { Container, Pod, SecurityContext } from "#embedded/api/objects.ts";
import type { ProcessUser } from "#embedded/kubelet/runtime/container-runtime.ts";

interface PodSecurity extends SecurityContext {
  readonly fsGroup?: number;
  readonly supplementalGroups?: readonly number[];
}

/**
 * Whom a container's programs run as: whom its securityContext or its pod's names, else us. An ordinary user
 * can be nobody else, so there everything runs as us.
 */
export function containerUser(pod: Pod, container: Container): ProcessUser | undefined {
  const security: PodSecurity = { ...podSecurity(pod), ...container.securityContext };
  const { runAsUser, runAsGroup, fsGroup, supplementalGroups = [] } = security;
  const noNewPrivileges = security.allowPrivilegeEscalation === false;
  const groups = [...supplementalGroups, ...(fsGroup === undefined ? [] : [fsGroup])];
  const isOrdinary = (runAsUser ?? runAsGroup) === undefined && groups.length === 0;
  if (process.geteuid?.() !== 0 || (isOrdinary && !noNewPrivileges)) return undefined;
  return { uid: runAsUser ?? 0, gid: runAsGroup ?? 0, groups, noNewPrivileges };
}

/**
 * Why the container may not run: it must not be root, and names root; undefined when it may. Whom an image
 * names is not known here, so one that names nobody is taken at its word.
 */
export function whyRootIsRefused(pod: Pod, container: Container): string | undefined {
  const security: PodSecurity = { ...podSecurity(pod), ...container.securityContext };
  if (security.runAsNonRoot !== true || security.runAsUser !== 0) return undefined;
  const { namespace, name, uid } = pod.metadata;
  const where = `(pod: "${name}_${namespace}(${uid})", container: ${container.name})`;
  return `container's runAsUser breaks non-root policy ${where}`;
}

/** The group that has to be able to use the pod's volumes. */
export function volumeGroup(pod: Pod): number | undefined {
  return process.geteuid?.() === 0 ? podSecurity(pod).fsGroup : undefined;
}

function podSecurity({ spec }: Pod): PodSecurity {
  return (spec["securityContext"] ?? {}) as PodSecurity; // by the schema of a pod
}
