@scenario:storefront
Feature: Signals, and machines that are turned off
  A process is told to end, or a machine goes, and nobody has taken the pods out of the Service before. What cannot be
  avoided must stay within bounds.

  Scenario: A process is told to end, and its pod stays
    Given 4 running Pod replicas
    When SIGTERM is sent to 1 Pod
    Then the monitored metrics should satisfy:
      | metric             | threshold |
      | request error rate | <5%       |
      | forced kills       | 0         |

  Scenario: A machine is shut down in order
    Given 4 running Pod replicas
    When 1 node is shut down
    Then the monitored metrics should satisfy:
      | metric             | threshold |
      | request error rate | <60%      |
      | capacity           | >=50%     |

  @slow
  Scenario: A machine is lost, and comes back
    Given 4 running Pod replicas
    When these disruptions are performed in order:
      | 1 node is lost      |
      | the nodes come back |
    Then the monitored metrics should satisfy:
      | metric             | threshold |
      | request error rate | <60%      |
      | capacity           | >=50%     |
