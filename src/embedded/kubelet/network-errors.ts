/** Where a request or connection was going. */
export interface Destination {
  readonly host: string;
  readonly port: number;
}

/** The failure of a connection or request in the words of Go's net package, which Kubernetes shows. */
export function describeNetworkError(error: unknown, { host, port }: Destination): string {
  const { code, syscall, message } = error as NodeJS.ErrnoException; // what Node's sockets raise
  const address = `${host}:${port}`;
  switch (code) {
    case "ECONNREFUSED":
      return `dial tcp ${address}: connect: connection refused`;
    case "EHOSTUNREACH":
      return `dial tcp ${address}: connect: no route to host`;
    case "ENETUNREACH":
      return `dial tcp ${address}: connect: network is unreachable`;
    case "ENOTFOUND":
      return `dial tcp: lookup ${host}: no such host`;
    case "ECONNRESET":
      // Node uses this code for a reset and, without a system call, for an end before the answer.
      return syscall === undefined ? "EOF" : `read tcp ${address}: read: connection reset by peer`;
    case "EPIPE":
      return `write tcp ${address}: write: broken pipe`;
    default:
      return isNotHttp(code)
        ? "net/http: HTTP/1.x transport connection broken: malformed HTTP response"
        : message;
  }
}

/** Whether the other side spoke plain HTTP where TLS was expected. */
export function isHttpAnswerToTls(error: unknown): boolean {
  const { code } = error as NodeJS.ErrnoException; // what Node's TLS sockets raise
  return code === "EPROTO" || code?.startsWith("ERR_SSL_") === true;
}

function isNotHttp(code: string | undefined): boolean {
  return code?.startsWith("HPE_") === true;
}
