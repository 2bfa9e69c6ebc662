kubectl set env statefulset/web V=2; sleep 1; kubectl delete pod web-1; kubectl wait pod web-1 --for=condition=Ready --timeout=30s; sleep 1
