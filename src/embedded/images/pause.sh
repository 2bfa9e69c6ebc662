# Stands for registry.k8s.io/pause: it waits, and answers SIGTERM and SIGINT with 0.
trap 'exit 0' TERM INT
# A signal ends `wait` at once, while a child in the foreground would delay its trap.
while :; do
  sleep 86400 &
  wait $!
done
