kubectl wait pod --all --for=condition=Ready --timeout=60s
