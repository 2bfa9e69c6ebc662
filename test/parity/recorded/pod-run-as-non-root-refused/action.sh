sleep 3; kubectl delete pod web
