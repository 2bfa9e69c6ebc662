sleep 3; kubectl create configmap none --from-literal=A=b; kubectl wait pod web --for=condition=Ready --timeout=30s
