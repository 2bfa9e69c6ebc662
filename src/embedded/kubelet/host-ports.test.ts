import { expect, it } from "vitest";
import type { Pod } from "#embedded/api/objects.ts";
import { portRejection } from "./host-ports.ts";

const pod = (hostPort: number | undefined, protocol: string, phase: "Running" | "Failed") =>
  ({
    spec: { containers: [{ ports: [{ containerPort: 1, hostPort, protocol }] }] },
    status: { phase },
  }) as unknown as Pod;

it("turns a pod away that wants a port of the node which another pod still has", () => {
  const wanted = pod(8080, "TCP", "Running");
  expect(portRejection(wanted, [pod(8080, "TCP", "Running")])).toEqual({
    reason: "NodePorts",
    message:
      "Predicate NodePorts failed: node(s) didn't have free ports for the requested pod ports",
  });
  const others = [
    ...[pod(8081, "TCP", "Running"), pod(8080, "UDP", "Running"), pod(8080, "TCP", "Failed")],
    pod(undefined, "TCP", "Running"),
  ];
  expect(portRejection(wanted, others)).toBeUndefined();
});
