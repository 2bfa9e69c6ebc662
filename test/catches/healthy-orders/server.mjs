import { orderRoutes } from "../shared/orders.mjs";
import { onSigterm, startWorkload } from "../shared/workload.mjs";

const workload = await startWorkload({ routes: orderRoutes() });

onSigterm(() => workload.leave());
