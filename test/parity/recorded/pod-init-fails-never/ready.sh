kubectl wait pod web --for=jsonpath="{.status.initContainerStatuses[0].state.running.startedAt}" --timeout=60s
