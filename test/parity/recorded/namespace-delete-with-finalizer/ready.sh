kubectl wait pod -l app=web --for=condition=Ready --timeout=60s
