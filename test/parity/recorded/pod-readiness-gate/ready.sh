kubectl wait pod web --for=condition=ContainersReady --timeout=60s
