# The entry point of the stand-in for registry.k8s.io/e2e-test-images/agnhost, started as
# `sh agnhost.sh <node> <agnhost.cjs> [subcommand] [flag…]`.
#
# `pause` needs no Node.js: hundreds of pods that only wait would each hold the memory of one. As in the
# original it is what the image does without arguments, and it answers SIGTERM with 2 and SIGINT with 1.
node=$1
program=$2
shift 2
case ${1-pause} in
pause)
  trap 'echo "exiting 2"; exit 2' TERM
  trap 'echo "exiting 1"; exit 1' INT
  echo Paused
  # A signal ends `wait` at once, while a child in the foreground would delay its trap.
  while :; do
    sleep 86400 &
    wait $!
  done
  ;;
*)
  exec "$node" "$program" "$@"
  ;;
esac
