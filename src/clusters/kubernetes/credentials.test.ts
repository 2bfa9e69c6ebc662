import { chmodSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { ApiConnection } from "./api-connection.ts";
import { connectCluster } from "./kubernetes-cluster.ts";
import { loadKubeConfig } from "./load-kubeconfig.ts";
import { CERTIFICATE, KEY, SecureApi, TunnelProxy } from "./testing/secure-api.ts";

const { signal } = new AbortController();
const CALL = { attempt: "ask", method: "GET", path: "/version" } as const;

describe("the credentials of a kubeconfig", () => {
  let api: SecureApi;
  let folder: string;
  const open: ApiConnection[] = [];

  beforeEach(async () => {
    api = new SecureApi();
    await api.listen();
    folder = mkdtempSync(join(tmpdir(), "credentials-"));
  });
  afterEach(async () => {
    for (const connection of open.splice(0)) connection.close();
    vi.unstubAllEnvs();
    await api.close();
    rmSync(folder, { recursive: true });
  });

  /** A connection as `connectCluster` makes it. */
  async function connect(parts: { cluster?: object; user?: object } = {}): Promise<ApiConnection> {
    const read = () => loadKubeConfig({ kubeconfig: api.kubeconfig(parts) });
    const connection = new ApiConnection(await read(), read);
    open.push(connection);
    return connection;
  }
  const file = (name: string, text: string) => {
    writeFileSync(join(folder, name), text);
    return join(folder, name);
  };
  const base64 = (text: string) => Buffer.from(text).toString("base64");
  const status = async (connection: ApiConnection) =>
    (await connection.request(CALL, signal)).status;

  it("trusts the server by the authority of the kubeconfig, as data or as a file", async () => {
    expect(await status(await connect())).toBe(200);
    const asFile = {
      "certificate-authority-data": undefined,
      "certificate-authority": file("ca.pem", CERTIFICATE),
    };
    expect(await status(await connect({ cluster: asFile }))).toBe(200);
  });

  it("does not talk to a server that nobody vouches for, unless told not to mind", async () => {
    const nobody = { "certificate-authority-data": undefined };
    await expect(status(await connect({ cluster: nobody }))).rejects.toMatchObject({
      code: "CLUSTER_TLS",
    });
    const careless = { ...nobody, "insecure-skip-tls-verify": true };
    expect(await status(await connect({ cluster: careless }))).toBe(200);
  });

  it("asks for the certificate of tls-server-name", async () => {
    await status(await connect({ cluster: { "tls-server-name": "localhost" } }));
    expect(api.callers[0]?.serverName).toBe("localhost");
    const other = await connect({ cluster: { "tls-server-name": "elsewhere" } });
    await expect(status(other)).rejects.toMatchObject({ code: "CLUSTER_TLS" });
  });

  it("shows a client certificate, over connections that are kept", async () => {
    const user = {
      "client-certificate-data": base64(CERTIFICATE),
      "client-key": file("key.pem", KEY),
    };
    api.knows = ({ certified }) => certified;
    const connection = await connect({ user });
    expect([await status(connection), await status(connection)]).toEqual([200, 200]);
    expect(await status(await connect())).toBe(401);
  });

  it("reads a token file again when its token is refused", async () => {
    const tokenFile = file("token", "first");
    const user = { "auth-provider": { name: "tokenFile", config: { tokenFile } } };
    api.knows = ({ token }) => token === "first";
    const connection = await connect({ user });
    expect(await status(connection)).toBe(200);
    file("token", "second");
    api.knows = ({ token }) => token === "second";
    expect(await status(connection)).toBe(200);
    expect(api.callers.map(({ token }) => token)).toEqual(["first", "first", "second"]);
  });

  it("takes the id token of an OIDC login", async () => {
    const claims = base64(JSON.stringify({ exp: Math.floor(Date.now() / 1000) + 3600 }));
    const idToken = `${base64("{}")}.${claims}.signature`;
    const user = {
      "auth-provider": {
        name: "oidc",
        config: { "id-token": idToken, "client-id": "lastcall", "idp-issuer-url": "https://idp" },
      },
    };
    expect(await status(await connect({ user }))).toBe(200);
    expect(api.callers[0]?.token).toBe(idToken);
  });

  describe("from a plugin", () => {
    /** A login program that answers with the word in a file, and notes what it was asked. */
    function plugin(answer: string): object {
      file("answer", answer);
      const script = `#!/bin/sh\necho "$KUBERNETES_EXEC_INFO" >> ${folder}/asked\ncat ${folder}/answer\n`;
      chmodSync(file("login", script), 0o755);
      const apiVersion = "client.authentication.k8s.io/v1";
      const command = join(folder, "login");
      return { exec: { apiVersion, command, interactiveMode: "Never", provideClusterInfo: true } };
    }
    const credential = (fields: object) =>
      JSON.stringify({
        apiVersion: "client.authentication.k8s.io/v1",
        kind: "ExecCredential",
        status: fields,
      });
    const asked = () => readFileSync(join(folder, "asked"), "utf8").trim().split("\n");

    it("is asked once while its token holds, and told about the cluster as kubectl does", async () => {
      const expirationTimestamp = new Date(Date.now() + 3_600_000).toISOString();
      const user = plugin(credential({ token: "t1", expirationTimestamp }));
      const connection = await connect({ user });
      expect([await status(connection), await status(connection)]).toEqual([200, 200]);
      expect(api.callers.map(({ token }) => token)).toEqual(["t1", "t1"]);
      expect(asked().map((line) => JSON.parse(line))).toEqual([
        {
          kind: "ExecCredential",
          apiVersion: "client.authentication.k8s.io/v1",
          spec: {
            interactive: false,
            cluster: expect.objectContaining({ server: `https://127.0.0.1:${api.port}` }),
          },
        },
      ]);
    });

    it("is asked again once its token has expired", async () => {
      const past = new Date(Date.now() - 1_000).toISOString();
      const connection = await connect({
        user: plugin(credential({ token: "t1", expirationTimestamp: past })),
      });
      await status(connection);
      file("answer", credential({ token: "t2" }));
      await status(connection);
      expect(api.callers.map(({ token }) => token)).toEqual(["t1", "t2"]);
    });

    it("is asked again when its token is refused, once for all requests together", async () => {
      const connection = await connect({ user: plugin(credential({ token: "old" })) });
      expect(await status(connection)).toBe(200);
      file("answer", credential({ token: "new" }));
      api.knows = ({ token }) => token === "new";
      expect(await Promise.all([status(connection), status(connection)])).toEqual([200, 200]);
      expect(asked()).toHaveLength(2);
    });

    it("is not asked over and over by a server that refuses whatever it says", async () => {
      const connection = await connect({ user: plugin(credential({ token: "no" })) });
      api.knows = () => false;
      expect([await status(connection), await status(connection)]).toEqual([401, 401]);
      expect(asked()).toHaveLength(2);
      api.knows = () => true;
      expect(await status(connection)).toBe(200);
    });

    it("is asked again some time after what it said was refused: it may know better by then", async () => {
      const connection = await connect({ user: plugin(credential({ token: "old" })) });
      api.knows = ({ token }) => token === "new";
      expect([await status(connection), await status(connection)]).toEqual([401, 401]);
      file("answer", credential({ token: "new" }));
      expect(await status(connection)).toBe(401);
      const now = performance.now();
      vi.spyOn(performance, "now").mockReturnValue(now + 11_000);
      expect(await status(connection)).toBe(200);
      vi.restoreAllMocks();
    });

    it("gives a certificate", async () => {
      const user = plugin(credential({ clientCertificateData: CERTIFICATE, clientKeyData: KEY }));
      api.knows = ({ certified }) => certified;
      expect(await status(await connect({ user }))).toBe(200);
    });

    it("cannot hold up a run that is interrupted", async () => {
      const user = plugin("");
      chmodSync(file("login", "#!/bin/sh\nsleep 300 & echo $! > $0.pid; wait\n"), 0o755);
      const connection = await connect({ user });
      const controller = new AbortController();
      const waiting = connection.request(CALL, controller.signal);
      await vi.waitFor(() => readFileSync(join(folder, "login.pid")));
      controller.abort(new Error("Ctrl-C"));
      await expect(waiting).rejects.toThrow("Ctrl-C");
      process.kill(Number(readFileSync(join(folder, "login.pid"), "utf8")));
    });
  });

  it("goes through the proxy of the kubeconfig, or of the environment, never so to this machine", async () => {
    const proxy = new TunnelProxy(api.port);
    const url = await proxy.listen();
    const cluster = { server: "https://api.test", "tls-server-name": "localhost" };
    try {
      expect(await status(await connect({ cluster: { ...cluster, "proxy-url": url } }))).toBe(200);
      vi.stubEnv("HTTPS_PROXY", url);
      expect(await status(await connect({ cluster }))).toBe(200);
      expect(proxy.asked).toEqual(["api.test:443", "api.test:443"]);
      expect(await status(await connect())).toBe(200);
      expect(proxy.asked).toHaveLength(2);
    } finally {
      for (const connection of open.splice(0)) connection.close();
      await proxy.close();
    }
  });

  it("says that there is no service account outside of a pod", async () => {
    vi.stubEnv("KUBERNETES_SERVICE_HOST", "");
    await expect(
      connectCluster({ kubeconfig: "in-cluster", description: "in-cluster" }),
    ).rejects.toMatchObject({ code: "NOT_IN_CLUSTER" });
  });
});
