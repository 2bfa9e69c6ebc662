import type { Report } from "./report.ts";

const BUSY =
  "Run it again with less else on this machine or at a lower `rate`; with --repeat 3, a repetition that proves nothing is left out.";
const DRAIN = "Raise `timing.drain` in scenario.yaml.";
const NAMES = "Let the pods name themselves in each answer: the response header x-pod.";
const OURS =
  "Run it again; if it stays, the fault is Lastcall's: report it with the folder of this run.";
const UNDER_WAY =
  "Raise the `rate` of that stream, so that some of its requests are under way whenever a pod leaves.";

/** What to do about each reason for which a run is uncertain, by the words of the reason; the first that fits counts. */
const STEPS: readonly (readonly [reason: RegExp, step: string])[] = [
  [/broke off: it was interrupted/, "Run it again and let it come to its end."],
  [/broke off/, "Remove what ended it, as it says, and run it again."],
  [/has no finished .* phase/, "It was ended before its time: run it again."],
  [/sent more than 10 ms late|this machine itself sent late|machine was starved/, BUSY],
  [
    /could not be sent in time/,
    "Give that stream more `connections`, or a lower `rate`, in scenario.yaml; on a busy machine, run it again with less beside it.",
  ],
  [
    /load generator itself failed/,
    "Lower the `rate` or the `connections`, or raise what this machine allows (ulimit -n, net.ipv4.ip_local_port_range).",
  ],
  [
    /^The .* was lost: /,
    "Run it again; if a worker is lost again, look at the limits and quotas of its namespace, or use fewer --load-workers.",
  ],
  [/does not add up|not what the load accounted for|gave no account|checker crashed/, OURS],
  [
    /No pod terminated/,
    "Use a When step that makes pods leave, such as `When a Deployment update is performed`; `lastcall steps` lists them.",
  ],
  [
    /did not change the revision/,
    "Set the image, variable or annotation to a value that it does not have yet.",
  ],
  [
    /were never evicted/,
    "Let the PodDisruptionBudget allow an eviction (`kubectl get pdb`), or give the workload one more replica.",
  ],
  [/made nobody leave/, "Scale to fewer replicas than there are, with no autoscaler at work."],
  [
    /No request was in flight/,
    "Add a stream that asks for something slow, with `takes:` (lastcall try: --slow-path).",
  ],
  [/offered no request|No transaction was started/, "Raise the `rate` of that stream."],
  [
    /watch of the cluster was blind/,
    "Run it again when the API server is less busy; on the embedded cluster, when this machine is.",
  ],
  [
    /failed after the first deletion and outside/,
    "Look at these failures in the report: new pods may take requests before they can serve them (readinessProbe, minReadySeconds).",
  ],
  [
    /sample of .* is too small/,
    "Use --repeat N, which judges all runs as one, or raise the `rate` of the streams.",
  ],
  [
    /was measured to .* only/,
    "Raise the `rate`: of the fresh streams for deregistration, of the rarest stream for the longest gap.",
  ],
  [
    /was not seen|was seen to exit/,
    "Raise `timing.recovery`, so that the run lasts until the last pod has gone.",
  ],
  [/met a (?:terminating|leaving) pod\.$/, UNDER_WAY],
  [/drain longer/, DRAIN],
  [
    /no transactions stream/,
    "Add a stream of `type: transactions` (docs/scenario.md), or take the promise out.",
  ],
  [
    /no websocket stream/,
    "Add a stream of `type: websocket` (docs/scenario.md), or take the promise out.",
  ],
  [/no fresh stream/, "Add a stream of `type: fresh` with a steady rate."],
  [/ledger (?:could not be|was not) read/, "Make the `audit` of the stream answer after the load."],
  [
    /no checks of its data/,
    "State `checks` for the transactions stream (docs/scenario.md), or take the promise out.",
  ],
  [/at the end of its ramp/, "Let the ramp end above 0."],
  [
    /No request succeeded/,
    "Look at the first failures in the report: the load may ask for the wrong path or port.",
  ],
  [
    /nodes\/proxy/,
    "Grant it (`lastcall rbac FEATURE` prints the rule), or take the promise about leaks out.",
  ],
  [/No new connection was sent/, "Raise the `rate` of the fresh stream, or `timing.margin`."],
  [/named? (?:itself|themselves)|without naming a pod/, NAMES],
  [/No held connection ended/, "Hold more `connections`, so that every pod has some."],
  [
    /EndpointSlices were not seen/,
    "Grant list and watch of the workload and of endpointslices: `lastcall rbac FEATURE` prints the rules.",
  ],
  [/no promise was asked/i, 'Ask one, such as lastcall check RUN --threshold "forced kills 0".'],
];

const OTHERWISE = "Run it again; docs/verdicts.md says what each reason means.";

/** The doubts that void a run leave nothing else to mend: what was measured beside them is not known either. */
export function nextSteps({ verdict, results, doubts, voids = [] }: Report): readonly string[] {
  if (verdict !== "inconclusive") return [];
  const open = results.filter((result) => result.verdict === "inconclusive");
  const reasons =
    voids.length > 0
      ? voids
      : results.length === 0
        ? ["No promise was asked."]
        : [...open.map(({ because }) => because), ...doubts];
  const known = reasons.flatMap((reason) => STEPS.find(([words]) => words.test(reason))?.[1] ?? []);
  return known.length === 0 ? [OTHERWISE] : [...new Set(known)];
}
