/** What a client needs to reach one server as its one user. */
export interface KubeconfigParts {
  readonly url: string;
  /** The authority that signed the server's certificate, in PEM. */
  readonly ca: string;
  readonly token: string;
}

/** A kubeconfig file for kubectl and every client library. */
export function kubeconfigFor({ url, ca, token }: KubeconfigParts): string {
  return `apiVersion: v1
kind: Config
clusters:
- name: embedded
  cluster:
    server: ${url}
    certificate-authority-data: ${Buffer.from(ca).toString("base64")}
users:
- name: admin
  user:
    token: ${token}
contexts:
- name: embedded
  context:
    cluster: embedded
    user: admin
    namespace: default
current-context: embedded
preferences: {}
`;
}
