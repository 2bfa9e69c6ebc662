P=$(kubectl get pods -l app=web -o jsonpath="{.items[0].metadata.name}")
printf '{"apiVersion":"policy/v1","kind":"Eviction","metadata":{"name":"%s"}}' $P | kubectl create --raw /api/v1/namespaces/$NS/pods/$P/eviction -f - >/dev/null; sleep 8
