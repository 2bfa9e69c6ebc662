sleep 2; kubectl delete pod web
