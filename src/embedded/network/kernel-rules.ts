import { createHash } from "node:crypto";
import { isIPv4 } from "node:net";
import type { Backend } from "./endpoint-choice.ts";
import type { Frontend } from "./service-frontends.ts";

const TABLE = "ip lastcall";

/** What stays: where packets meet the rules, and how a pod that reaches itself sees its own answer. */
export function baseRules(routerAddress: string): string {
  return `table ${TABLE} {
  set hairpins { type ipv4_addr . ipv4_addr; }
  chain services { }
  chain prerouting { type nat hook prerouting priority -100; jump services; }
  chain output { type nat hook output priority -100; jump services; }
  chain postrouting {
    type nat hook postrouting priority 100;
    ip saddr . ip daddr @hairpins snat to ${routerAddress}
  }
}
`;
}

/** Rules in the words of nft, and the names in them that the next rules must know of. */
export interface Rules {
  readonly script: string;
  readonly sticky: ReadonlySet<string>;
}

/**
 * All rules for these frontends, in place of those before. Only the first packet of a connection meets them:
 * the kernel remembers what became of it, so a connection stays where it is whatever is loaded later.
 * Without a backend there is no rule, and the kernel refuses, since nobody listens at the address itself.
 *
 * `before` are the sticky names of the rules in place. Who sticks to whom is kept while both are named.
 */
export function renderRules(all: readonly Frontend[], before: ReadonlySet<string>): Rules {
  const frontends = all.filter(({ address }) => isIPv4(address)).map(onlyIPv4);
  const backends = new Map(
    frontends.flatMap((frontend) => (frontend.affinityTimeoutMs ? stickyBackends(frontend) : [])),
  );
  const gone = [...before].filter((name) => !backends.has(name));
  const lines = [
    `flush chain ${TABLE} services`,
    ...gone.map((name) => `flush chain ${TABLE} ${name}`),
    ...gone.map((name) => `delete chain ${TABLE} ${name}`),
    ...gone.map((name) => `delete set ${TABLE} ${name}`),
    ...[...backends].flatMap(([name, sticky]) => stickyChain(name, sticky)),
    ...frontends.flatMap(serviceRules).map((rule) => `add rule ${TABLE} services ${rule}`),
    ...hairpins(frontends),
  ];
  return { script: `${lines.join("\n")}\n`, sticky: new Set(backends.keys()) };
}

/** One address of another kind would make nft refuse the rules of all Services. */
function onlyIPv4(frontend: Frontend): Frontend {
  return { ...frontend, eligible: frontend.eligible.filter(({ address }) => isIPv4(address)) };
}

function serviceRules(frontend: Frontend): readonly string[] {
  const { address, port, clients, eligible, affinityTimeoutMs, whenNobody } = frontend;
  const from = clients === undefined ? "" : `ip saddr ${clients} `;
  const match = `${from}ip daddr ${address} tcp dport ${port}`;
  const [first] = eligible;
  if (first === undefined) return whenNobody === "drop" ? [`${match} drop`] : [];
  const pick = `numgen random mod ${eligible.length}`;
  if (affinityTimeoutMs === undefined) {
    const addresses = numbered(eligible.map((backend) => `${backend.address} . ${backend.port}`));
    return [
      `${match} dnat ip addr . port to ${pick} map { ${addresses} }`,
      // A packet that is between two rules while new ones take over finds the map of the old ones emptied.
      // It must not be taken for one to a Service that nobody serves.
      `${match} dnat ip to ${first.address}:${first.port}`,
    ];
  }
  const names = stickyBackends(frontend).map(([name]) => name);
  const chains = numbered(names.map((name) => `goto ${name}`));
  return [
    ...names.map((name) => `${match} ip saddr @${name} goto ${name}`),
    `${match} ${pick} vmap { ${chains} }`,
    `${match} goto ${names[0]}`,
  ];
}

interface StickyBackend {
  readonly backend: Backend;
  readonly timeoutMs: number;
}

/** Each backend with the name of its chain, and of the set of clients that stick to it. */
function stickyBackends(frontend: Frontend): readonly (readonly [string, StickyBackend])[] {
  const { eligible, servicePort, affinityTimeoutMs: timeoutMs = 0 } = frontend;
  return eligible.map((backend) => {
    const identity = [servicePort, timeoutMs, backend.address, backend.port].join(" ");
    const name = `sticky-${createHash("sha256").update(identity).digest("hex").slice(0, 16)}`;
    return [name, { backend, timeoutMs }] as const;
  });
}

function stickyChain(name: string, { backend, timeoutMs }: StickyBackend): readonly string[] {
  const timeout = `timeout ${Math.ceil(timeoutMs / 1000)}s`;
  return [
    `add set ${TABLE} ${name} { type ipv4_addr; flags dynamic,timeout; ${timeout}; }`,
    `add chain ${TABLE} ${name}`,
    `flush chain ${TABLE} ${name}`,
    `add rule ${TABLE} ${name} update @${name} { ip saddr }`,
    `add rule ${TABLE} ${name} meta l4proto tcp dnat ip to ${backend.address}:${backend.port}`,
  ];
}

/** A pod that reaches itself through a Service would drop an answer to its own address. */
function hairpins(frontends: readonly Frontend[]): readonly string[] {
  const addresses = new Set(
    frontends.flatMap(({ eligible }) => eligible.map(({ address }) => address)),
  );
  const pairs = [...addresses].map((address) => `${address} . ${address}`);
  const flush = `flush set ${TABLE} hairpins`;
  return pairs.length === 0
    ? [flush]
    : [flush, `add element ${TABLE} hairpins { ${pairs.join(", ")} }`];
}

function numbered(items: readonly string[]): string {
  return items.map((item, index) => `${index} : ${item}`).join(", ");
}
