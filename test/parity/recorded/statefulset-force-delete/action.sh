kubectl delete pod web-1 --force --grace-period=0; kubectl rollout status statefulset/web --timeout=90s
