kubectl delete pod web --grace-period=10
