@scenario:storefront
Feature: Eviction, drain, taint and scaling
  Pods leave because a node is emptied, a budget lets them go, or fewer are wanted. Clients must not notice.

  Scenario: A node is drained
    Given 4 running Pod replicas
    When 1 node is drained
    Then the monitored metrics should satisfy:
      | metric             | threshold |
      | request error rate | <1%       |
      | forced kills       | 0         |

  @slow
  Scenario: Pods are evicted
    Given 4 running Pod replicas
    When 2 Pods are evicted
    Then the monitored metrics should satisfy:
      | metric             | threshold |
      | request error rate | <1%       |
      | dropped requests   | 0         |

  @slow
  Scenario: Fewer are wanted, and then as many as before
    Given 4 running Pod replicas
    When the workload is scaled to 2 replicas and back
    Then the monitored metrics should satisfy:
      | metric             | threshold |
      | request error rate | <1%       |
      | dropped requests   | 0         |

  @slow
  Scenario: A taint makes the pods of a node leave
    Given 4 running Pod replicas
    When 1 node is tainted with NoExecute
    Then the monitored metrics should satisfy:
      | metric             | threshold |
      | request error rate | <1%       |
      | forced kills       | 0         |
