import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { type ConnectionFollower, followConnections } from "./follow-connections.ts";
import { runTool, TOOL_ENV } from "./run-tool.ts";

/** The addresses of a cluster, all below one prefix such as `240.7`. */
export interface NetnsPlan {
  readonly prefix: string;
  /** What the machine's end of the line to the cluster is called. */
  readonly device: string;
  readonly nodeAddresses: readonly string[];
}

/**
 * The network of one cluster: a namespace that routes, one for each pod, and a line to this machine.
 *
 *   this machine ── .0.1 ══ veth ══ .0.2 ── router ──┬── veth ── pod (eth0)
 *                                          nftables  ├── veth ── pod
 *                                                    ├── veth ── lost: answers for addresses that nobody has
 *                                                    └── its own: node addresses, Service addresses
 *
 * A namespace lives as long as somebody holds it. The router is held by one process that reads from a pipe
 * of ours; the pods are mounted below its `/run/netns`, which no other process sees. When that process
 * ends, and it does when we do, also by `kill -9`, the kernel takes everything down: nothing has a name
 * outside that could be left behind.
 */
export class ClusterNetns {
  readonly #plan: NetnsPlan;
  readonly #holder: ChildProcess;

  private constructor(plan: NetnsPlan, holder: ChildProcess) {
    this.#plan = plan;
    this.#holder = holder;
  }

  static async open(plan: NetnsPlan): Promise<ClusterNetns> {
    const netns = new ClusterNetns(plan, await startHolder());
    try {
      await netns.#connect();
      return netns;
    } catch (error) {
      await netns.stop();
      throw error;
    }
  }

  /** This machine's address in the cluster's network. */
  get hostAddress(): string {
    return `${this.#plan.prefix}.0.1`;
  }

  get routerAddress(): string {
    return `${this.#plan.prefix}.0.2`;
  }

  /** Gives an address a namespace of its own, with a route to it. */
  async createPod(address: string): Promise<void> {
    await this.#run(POD_UP, address, deviceOf(address), this.routerAddress);
  }

  /** What the address had is gone when this resolves; its namespace follows when nothing runs in it. */
  async removePod(address: string): Promise<void> {
    await this.#run(POD_DOWN, address, deviceOf(address));
  }

  /** The file by which a program joins the namespace of that pod, or of the nodes. */
  namespaceOf(pod?: string): string {
    const holder = `/proc/${this.#holder.pid}`;
    return pod === undefined ? `${holder}/ns/net` : `${holder}/root/run/netns/${pod}`;
  }

  /** Gives nft a script, which takes effect as a whole or not at all. */
  async loadRules(script: string): Promise<void> {
    await runTool([...this.#inside(), "nft", "-f", "-"], script);
  }

  /** Tells of each new connection that the router sees. */
  followConnections(follower: ConnectionFollower): { readonly stop: () => Promise<void> } {
    return followConnections(this.#inside(), follower);
  }

  async stop(): Promise<void> {
    const { device } = this.#plan;
    const { exitCode, signalCode } = this.#holder;
    const exited = exitCode === null && signalCode === null ? once(this.#holder, "exit") : [];
    await runTool(["ip", "link", "del", device]).catch(() => {}); // it may not be there yet
    this.#holder.stdin?.end();
    await exited;
  }

  async #connect(): Promise<void> {
    const { prefix, device, nodeAddresses } = this.#plan;
    const { hostAddress, routerAddress } = this;
    // The kernel may still be taking down a killed cluster that had this prefix before us.
    await runTool(["ip", "link", "del", device]).catch(() => {});
    const toCluster = [
      `link add ${device} type veth peer name host netns ${this.#holder.pid}`,
      `addr add ${hostAddress} peer ${routerAddress} dev ${device}`,
      `link set ${device} up`,
      `route add ${prefix}.0.0/16 via ${routerAddress} dev ${device}`,
    ];
    await runTool(["ip", "-batch", "-"], toCluster.join("\n"));
    const toHost = [
      `addr add ${routerAddress} peer ${hostAddress} dev host`,
      "link set lo up",
      "link set host up",
      ...nodeAddresses.map((address) => `addr add ${address} dev lo`),
      // Where no rule leads a Service's traffic on, it arrives here and the kernel refuses it.
      `route add local ${prefix}.250.0/24 dev lo`,
    ];
    await runTool([...this.#inside(), "ip", "-batch", "-"], toHost.join("\n"));
    await this.#run(ROUTER_UP);
    await this.#run(LOST_UP, prefix, routerAddress);
  }

  async #run(script: string, ...args: readonly string[]): Promise<void> {
    await runTool([...this.#inside(), "/bin/sh", "-ec", script, "sh", ...args]);
  }

  #inside(): readonly string[] {
    return ["nsenter", "--target", String(this.#holder.pid), "--net", "--mount", "--"];
  }
}

/** `ip netns` keeps its namespaces below /run; this one is the holder's own. */
const HOLDER = "mount -t tmpfs tmpfs /run && echo ready && exec cat";

/**
 * A try that nobody answered is remembered for 120 s unless told otherwise: a load that uses its ports again within
 * that time would be led to the pod that is gone, long after no endpoint names it. A client asks again after 1 s
 * and 2 s more; that long its tries are one connection.
 */
const ROUTER_UP = `
tries=/proc/sys/net/netfilter/nf_conntrack_tcp_timeout_syn_sent
[ -e $tries ] || modprobe nf_conntrack 2> /dev/null || :
[ ! -e $tries ] || echo 3 > $tries
echo 1 > /proc/sys/net/ipv4/ip_forward
echo 0 > /proc/sys/net/ipv4/conf/all/send_redirects
echo 0 > /proc/sys/net/ipv4/conf/default/send_redirects
`;

/**
 * Whoever sends to a pod that is gone is told by another machine that its host is unreachable, as in a real cluster:
 * the router has sent the connection on, so its tracking tells of it. The router itself would refuse what it has no
 * route for before anything is tracked, and tell so only a few times a second.
 */
const LOST_UP = `
ip -batch - <<END
netns add lost
link add lost type veth peer name router netns lost
link set lost up
route add $1.0.0/16 via $1.255.254 dev lost onlink
END
ip -n lost -batch - <<END
link set lo up
addr add $1.255.254 dev router
link set router up
route add $2 dev router
route add default via $2 dev router
END
nsenter --net=/run/netns/lost -- /bin/sh -ec '
echo 1 > /proc/sys/net/ipv4/ip_forward
echo 0 > /proc/sys/net/ipv4/icmp_ratelimit
echo 0 > /proc/sys/net/ipv4/conf/all/send_redirects
echo 0 > /proc/sys/net/ipv4/conf/router/send_redirects
exec nft -f -' <<END
table ip lost {
  chain gone {
    type filter hook forward priority 0
    reject with icmp type host-unreachable
  }
}
END
`;

const POD_UP = `
ip -batch - <<END
netns add $1
link add $2 type veth peer name eth0 netns $1
link set $2 up
route add $1 dev $2 src $3
END
ip -n $1 -batch - <<END
link set lo up
addr add $1 dev eth0
link set eth0 up
route add $3 dev eth0
route add default via $3 dev eth0
END
`;

/**
 * What the kernel remembers of the pod's connections would lead a client that uses one of their ports again to
 * nobody; a load has few addresses and uses its ports again within seconds. Without the tool it is so for 10 s.
 */
const POD_DOWN = `
ip -force -batch - <<END
link del $2
netns del $1
END
conntrack -D -p tcp -r $1 > /dev/null 2>&1 || :
`;

async function startHolder(): Promise<ChildProcess> {
  const namespaces = ["unshare", "--net", "--mount", "--propagation", "private"];
  const command = ["--pdeathsig", "KILL", ...namespaces, "/bin/sh", "-c", HOLDER];
  const holder = spawn("setpriv", command, {
    env: TOOL_ENV,
    cwd: "/",
    // Ctrl-C in the terminal is for us: we stop the cluster in order.
    detached: true,
    stdio: ["pipe", "pipe", "pipe"],
  });
  let complaint = "";
  holder.stderr.on("data", (chunk: Buffer) => {
    complaint += chunk;
  });
  holder.stdin.on("error", () => {});
  const exited = once(holder, "exit").then(() => {
    throw new Error(complaint.trim() || "the process that holds the namespace has ended");
  });
  exited.catch(() => {}); // after it was ready, its end is what `stop` asks for
  await Promise.race([once(holder.stdout, "data"), exited]);
  return holder;
}

/** The router's end of the line to a pod; a name may have 15 characters. */
function deviceOf(address: string): string {
  const [, , node, pod] = address.split(".");
  return `pod${node}-${pod}`;
}
