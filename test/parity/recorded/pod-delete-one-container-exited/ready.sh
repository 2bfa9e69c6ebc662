kubectl wait pod web --for=jsonpath="{.status.containerStatuses[0].state.terminated.exitCode}"=0 --timeout=60s
