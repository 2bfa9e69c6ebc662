kubectl wait pod -l app=web --for=condition=Ready --timeout=60s; until kubectl wait pod web-2 --for=condition=Ready --timeout=60s; do sleep 0.5; done
