import { answer, onSigterm, startWorkload } from "../shared/workload.mjs";

const workload = await startWorkload({
  routes: {
    "/": ({ response }) =>
      workload.draining
        ? answer(response, 503, { error: "shutting down" })
        : answer(response, 200, { open: true }),
  },
});

onSigterm(() => workload.leave());
