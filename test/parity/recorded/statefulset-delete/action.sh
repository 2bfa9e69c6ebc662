kubectl delete statefulset/web; sleep 5
