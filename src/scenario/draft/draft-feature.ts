import type { KubernetesObject } from "#domain/workload.ts";

/** A feature with the two disruptions that every workload meets, and promises that every client expects. */
export function draftFeature({ kind, metadata }: KubernetesObject, context: string): string {
  const { name, namespace } = metadata;
  return `Feature: ${name} leaves without losing a request
  ${kind} ${namespace}/${name} is updated, and loses a pod, while clients use it.
  Run it with: lastcall run features/${name}.feature --scenario ${name} --cluster context:${context}

  Scenario: ${name} is updated
    When the workload is restarted
    Then the monitored metrics should satisfy:
      | metric             | threshold |
      | request error rate | <1%       |
      | dropped requests   | 0         |
      | forced kills       | 0         |

  Scenario: ${name} loses a pod
    When 1 Pod is deleted
    Then the monitored metrics should satisfy:
      | metric                   | threshold |
      | failures per termination | 0         |
      | dropped requests         | 0         |
      | forced kills             | 0         |
`;
}
