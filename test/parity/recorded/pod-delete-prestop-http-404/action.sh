kubectl delete pod web
