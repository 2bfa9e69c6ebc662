kubectl create job now --from=cronjob/nightly; sleep 3; kubectl delete cronjob/nightly; sleep 4
