import type { KubeObject } from "#embedded/api/objects.ts";
import { fillIn, objectAt, objectsIn } from "#embedded/apiserver/json/fill-in.ts";

/** What does not depend on which addresses are free; those are given out on creation. */
export function setServiceDefaults(draft: KubeObject): void {
  const spec = objectAt(draft, "spec");
  fillIn(spec, { sessionAffinity: "None", type: "ClusterIP" });
  if (spec["sessionAffinity"] === "ClientIP") {
    fillIn(objectAt(objectAt(spec, "sessionAffinityConfig"), "clientIP"), {
      timeoutSeconds: 10_800,
    });
  }
  for (const port of objectsIn(spec, "ports")) {
    fillIn(port, { protocol: "TCP" });
    fillIn(port, { targetPort: port["port"] });
    if (port["targetPort"] === 0 || port["targetPort"] === "") port["targetPort"] = port["port"];
  }
  if (spec["type"] === "ExternalName") return;
  fillIn(spec, { internalTrafficPolicy: "Cluster" });
  if (spec["type"] === "NodePort" || spec["type"] === "LoadBalancer") {
    fillIn(spec, { externalTrafficPolicy: "Cluster" });
  }
  if (spec["type"] === "LoadBalancer") fillIn(spec, { allocateLoadBalancerNodePorts: true });
}
