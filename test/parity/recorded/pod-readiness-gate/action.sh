G='{"status":{"conditions":[{"type":"example.com/traffic","status":"True"}]}}'
kubectl patch pod web --subresource=status -p "$G"; sleep 2; kubectl patch pod web --subresource=status -p "${G/True/False}"; sleep 2; kubectl patch pod web --subresource=status -p "$G"; sleep 1; kubectl delete pod web
