kubectl delete service web; sleep 2
