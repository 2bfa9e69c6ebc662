kubectl wait pod web --for=jsonpath="{.status.phase}"=Failed --timeout=20s; sleep 1
