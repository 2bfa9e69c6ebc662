kubectl set image pod/web app=registry.k8s.io/e2e-test-images/agnhost:2.63.0; sleep 8
