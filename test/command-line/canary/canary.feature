Feature: canaries <img src=x onerror=alert(3)>

  Scenario: ::error::forged </script><script>alert(4)</script> & ]]>
    Given 3 running Pod replicas
    When a Deployment update is performed
    Then the monitored metrics should satisfy:
      | metric             | threshold |
      | request error rate | <0.1%     |
