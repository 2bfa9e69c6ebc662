E() { printf '{"apiVersion":"policy/v1","kind":"Eviction","metadata":{"name":"%s"}%s}' $1 "$2" | kubectl create --raw /api/v1/namespaces/$NS/pods/$1/eviction -f - 2>&1; echo; }
set -- $(kubectl get pods -l app=web -o jsonpath="{.items[*].metadata.name}")
E web ',"deleteOptions":{"dryRun":["All"]}'; E web ',"deleteOptions":{"preconditions":{"uid":"1234"}}' | sed "s/(UID: [^)]*)/(UID)/; s/[0-9a-f-]\{36\}/UID/"; sleep 1
