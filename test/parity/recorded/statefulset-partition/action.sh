kubectl rollout restart statefulset/web; kubectl rollout status statefulset/web --timeout=90s; sleep 1
