P=$(kubectl get pods -l app=web -o jsonpath="{.items[0].metadata.name}")
kubectl exec $P -- kill -KILL 1; kubectl exec $P -- sh -c "kill -TERM 1"; sleep 8
