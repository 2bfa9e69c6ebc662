kubectl wait pod web --for=jsonpath="{.status.phase}"=Running --timeout=60s; sleep 3
