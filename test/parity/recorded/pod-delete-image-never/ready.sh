kubectl wait pod web --for=jsonpath="{.status.containerStatuses[0].state.waiting.reason}"=ErrImageNeverPull --timeout=60s
