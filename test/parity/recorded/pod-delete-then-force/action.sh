kubectl delete pod web --wait=false; sleep 1; kubectl delete pod web --grace-period=0 --force; sleep 5
