kubectl delete pod web; sleep 3
