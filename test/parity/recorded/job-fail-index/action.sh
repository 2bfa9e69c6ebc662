kubectl wait job/batch --for=condition=failed --timeout=60s; sleep 1
