import { isOrdinaryUser, runInUserNamespace } from "#cli/user-namespace.ts";
import { startCluster } from "#embedded/index.ts";

/* Started by an ordinary user; runs itself again as root of a user namespace, and tells of the cluster there. */
if (isOrdinaryUser()) process.exit(await runInUserNamespace(["again"]));
const cluster = await startCluster({ podNetwork: "netns", nodes: 1 });
await cluster.stop();
process.stdout.write(`${process.argv[2]} ${cluster.podNetwork}\n`);
process.exitCode = 7;
