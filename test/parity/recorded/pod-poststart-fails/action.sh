sleep 10; kubectl delete pod web
