Feature: Pod termination during a rolling update
  A Deployment is updated while clients use it: connections kept and fresh, and orders of three steps.
  Nothing may be lost because a pod of the old revision was leaving.

  Scenario: Simulated rolling update
    Given 10 running Pod replicas
    When a Deployment update is performed
    Then the monitored metrics should satisfy:
      | metric                      | threshold |
      | request error rate          | <0.1%     |
      | transaction completion rate | 100%      |
      | deregistration latency      | <2s       |
