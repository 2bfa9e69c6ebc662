import { once } from "node:events";
import { readFileSync } from "node:fs";
import type { IncomingMessage } from "node:http";
import { createServer } from "node:https";
import { type AddressInfo, connect, createServer as createTcpServer, type Server } from "node:net";
import { join } from "node:path";
import type { TLSSocket } from "node:tls";

const FIXTURES = join(import.meta.dirname, "../../../../test/fixtures");

/** A certificate for 127.0.0.1 and localhost that is its own authority, as PEM. */
export const CERTIFICATE = readFileSync(join(FIXTURES, "fault-server.cert.pem"), "utf8");
export const KEY = readFileSync(join(FIXTURES, "fault-server.key.pem"), "utf8");

/** What the server learned of one request's sender. */
interface Caller {
  readonly token: string | undefined;
  /** It showed a client certificate that the authority vouches for. */
  readonly certified: boolean;
  /** The name by which it asked for the server's certificate; false when it named an address. */
  readonly serverName: string | false;
}

/** An API server over TLS that answers `/version` to whoever `knows` is true of, and 401 to others. */
export class SecureApi {
  readonly callers: Caller[] = [];
  knows: (caller: Caller) => boolean = () => true;
  readonly #server = createServer(
    { cert: CERTIFICATE, key: KEY, ca: CERTIFICATE, requestCert: true, rejectUnauthorized: false },
    (request, response) => {
      const caller = callerOf(request);
      this.callers.push(caller);
      const known = this.knows(caller);
      response.writeHead(known ? 200 : 401, { "content-type": "application/json" });
      const refusal = {
        kind: "Status",
        reason: "Unauthorized",
        message: "Unauthorized",
        code: 401,
      };
      response.end(JSON.stringify(known ? { gitVersion: "v1.36.2" } : refusal));
    },
  );

  async listen(): Promise<void> {
    this.#server.listen(0, "127.0.0.1");
    await once(this.#server, "listening");
  }

  get port(): number {
    return (this.#server.address() as AddressInfo).port; // listening on TCP
  }

  /** A kubeconfig for this server; what a test is about goes over what would just work. */
  kubeconfig({ cluster = {}, user = {} }: { cluster?: object; user?: object } = {}): string {
    const caData = Buffer.from(CERTIFICATE).toString("base64");
    const server = `https://127.0.0.1:${this.port}`;
    return JSON.stringify({
      apiVersion: "v1",
      kind: "Config",
      clusters: [
        { name: "test", cluster: { server, "certificate-authority-data": caData, ...cluster } },
      ],
      users: [{ name: "tester", user }],
      contexts: [{ name: "test", context: { cluster: "test", user: "tester" } }],
      "current-context": "test",
    });
  }

  async close(): Promise<void> {
    this.#server.closeAllConnections();
    this.#server.close();
    await once(this.#server, "close");
  }
}

function callerOf({ socket, headers }: IncomingMessage): Caller {
  const secure = socket as TLSSocket; // the server speaks nothing else
  return {
    token: /^Bearer (.+)$/.exec(headers.authorization ?? "")?.[1],
    certified: secure.authorized,
    serverName: secure.servername ?? false,
  };
}

/** A proxy that is asked for tunnels, and leads each of them to one port of this machine. */
export class TunnelProxy {
  /** `api.test:443`: where the tunnels were asked to lead. */
  readonly asked: string[] = [];
  readonly #server: Server;

  constructor(port: number) {
    this.#server = createTcpServer((client) => {
      client.on("error", () => undefined); // either side may leave first
      client.once("data", (head: Buffer) => {
        this.asked.push(/^CONNECT (\S+)/.exec(head.toString())?.[1] ?? "");
        const server = connect(port, "127.0.0.1", () => {
          client.write("HTTP/1.1 200 Connection established\r\n\r\n");
          client.pipe(server).pipe(client);
        });
        server.on("error", () => client.destroy());
        client.on("close", () => server.destroy());
      });
    });
  }

  async listen(): Promise<string> {
    this.#server.listen(0, "127.0.0.1");
    await once(this.#server, "listening");
    return `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}`; // listening on TCP
  }

  async close(): Promise<void> {
    this.#server.close();
    await once(this.#server, "close");
  }
}
