kubectl wait pod web --for=jsonpath="{.status.phase}"=Succeeded --timeout=30s; sleep 1
