kubectl exec web -- touch /tmp/bad; sleep 12
