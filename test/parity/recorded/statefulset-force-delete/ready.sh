kubectl rollout status statefulset/web --timeout=90s
