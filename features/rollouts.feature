Feature: Rollouts of every kind
  A new revision may come from a variable, an annotation or an image, and may be taken back.

  @slow
  Scenario: An update is undone
    Given 4 running Pod replicas
    When these disruptions are performed in order:
      | the environment variable "RELEASE" is set to "2" |
      | the last rollout is undone                       |
    Then the monitored metrics should satisfy:
      | metric             | threshold |
      | request error rate | <1%       |
      | dropped requests   | 0         |

  @slow
  Scenario: Drawn at random, and the same again with the same seed
    Given 4 running Pod replicas
    When these disruptions are performed 3 times in an order drawn with seed 7:
      | 1 Pod is deleted                         |
      | the workload is restarted                |
      | the workload is scaled to 3 replicas and back |
    Then the monitored metrics should satisfy:
      | metric             | threshold |
      | request error rate | <1%       |
      | dropped requests   | 0         |
