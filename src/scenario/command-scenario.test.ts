import { describe, expect, it } from "vitest";
import { commandScenario, type ServerCommand } from "./command-scenario.ts";

function aServer(parts: Partial<ServerCommand> = {}): ServerCommand {
  return {
    command: ["/usr/bin/node", "server.js"],
    directory: "/home/ann/My App_2",
    environment: { DATABASE_URL: "postgres://ann:pw" },
    port: 3000,
    path: "/",
    gracePeriodSeconds: 10,
    replicas: 3,
    perSecond: 300,
    ...parts,
  };
}

/** What the scenario would apply, by kind. */
function objectOf(kind: string, server: ServerCommand) {
  return commandScenario(server).objects.find((object) => object.kind === kind);
}

describe("commandScenario", () => {
  it("names everything after the folder, as far as a Service can be named so", () => {
    const { name, service, workload } = commandScenario(aServer());
    expect({ name, service, workload }).toEqual({
      name: "my-app-2",
      service: "my-app-2",
      workload: { kind: "Deployment", namespace: "default", name: "my-app-2" },
    });
    expect(commandScenario(aServer({ directory: "/" })).name).toBe("server");
  });

  it("keeps the user's variables out of the Deployment, which reports may show", () => {
    expect(JSON.stringify(objectOf("Deployment", aServer()))).not.toContain("postgres://");
    expect(objectOf("Secret", aServer())).toMatchObject({
      stringData: { DATABASE_URL: "postgres://ann:pw" },
    });
  });

  it("asks the port where no probe is named, and the probe where one is", () => {
    const deployment = (server: ServerCommand) => JSON.stringify(objectOf("Deployment", server));
    expect(deployment(aServer())).toContain('"readinessProbe":{"tcpSocket":{"port":3000}');
    expect(deployment(aServer({ probePath: "/ready" }))).toContain(
      '"readinessProbe":{"httpGet":{"path":"/ready","port":3000}',
    );
  });

  it("has a preStop hook only where one is asked for", () => {
    const deployment = (server: ServerCommand) => JSON.stringify(objectOf("Deployment", server));
    expect(deployment(aServer())).not.toContain("lifecycle");
    expect(deployment(aServer({ preStopSeconds: 3 }))).toContain(
      '"lifecycle":{"preStop":{"sleep":{"seconds":3}}}',
    );
  });

  it("offers kept and new connections, and slow requests where a slow path is named", () => {
    const names = (server: ServerCommand) => commandScenario(server).load.map(({ name }) => name);
    expect(names(aServer())).toEqual(["kept", "new"]);
    expect(names(aServer({ slowPath: "/slow" }))).toEqual(["kept", "new", "slow"]);
  });
});
