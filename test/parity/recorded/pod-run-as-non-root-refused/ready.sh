kubectl wait pod web --for=jsonpath="{.status.containerStatuses[0].state.waiting.reason}"=CreateContainerConfigError --timeout=60s
