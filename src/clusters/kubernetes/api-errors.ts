import { HarnessError } from "#domain/errors.ts";
import type { ApiStatus } from "./api-objects.ts";

/** One complete answer of the API server. */
export interface ApiAnswer {
  readonly status: number;
  readonly text: string;
  /** The body as JSON; undefined when it is none. */
  readonly body: unknown;
  /** How long the server asks to wait before the next try. */
  readonly retryAfterMs?: number;
}

/** The API's own words for a refusal; its bare body when that is no Status. */
export function statusOf({ body, text }: ApiAnswer): ApiStatus {
  const isObject = typeof body === "object" && body !== null;
  return isObject ? (body as ApiStatus) : { message: text.trim().slice(0, 500) }; // every field is optional
}

/** A refusal as an error: what was attempted (`create Deployment shop/web`), the API's words, what next. */
export function refusal(attempt: string, answer: ApiAnswer): HarnessError {
  const { message = "", reason = "" } = statusOf(answer);
  const said = message === "" ? "without a word" : `: ${message.replace(/\.$/, "")}`;
  const verdict = [answer.status, reason].filter((part) => part !== "").join(" ");
  const { code, hint } = advice(answer.status);
  return new HarnessError(
    code,
    `Could not ${attempt}; the API answered ${verdict}${said.startsWith(":") ? said : ` ${said}`}.`,
    { hint },
  );
}

function advice(status: number): { readonly code: string; readonly hint: string } {
  if (status === 401) {
    return {
      code: "UNAUTHORIZED",
      hint: "The kubeconfig's credentials are missing, wrong or expired. `kubectl auth whoami` shows whether they work; log in again or choose another context.",
    };
  }
  if (status === 403) {
    return {
      code: "FORBIDDEN",
      hint: "The user of this context lacks the permission named above. Ask for a Role with it, or choose another context; `kubectl auth can-i --list -n NAMESPACE` shows what is allowed.",
    };
  }
  if (status === 404) {
    return {
      code: "NOT_FOUND",
      hint: "Check the name and the namespace in the scenario, and that this is the right cluster.",
    };
  }
  if (status === 429 || status >= 500) {
    return {
      code: "API_UNAVAILABLE",
      hint: "The API server is overloaded or failing. `kubectl get --raw /readyz?verbose` shows its state; run again when it is well.",
    };
  }
  return {
    code: "API_REFUSED",
    hint: "The words above name the field or the rule. Correct the object in the scenario and run again.",
  };
}

/** A failure to talk at all: nobody listens, the name is unknown, or the certificates do not match. */
export function connectionFailure(attempt: string, server: string, error: unknown): HarnessError {
  const code = codeOf(error);
  const words = error instanceof Error && error.message !== "" ? error.message : code;
  const message = `Could not ${attempt}; no conversation with the API server at ${server}: ${words}.`;
  if (isCertificateProblem(code)) {
    return new HarnessError("CLUSTER_TLS", message, {
      hint: "The kubeconfig's certificate-authority must vouch for this server, the server's name must be in its certificate, and the address must speak TLS. Fetch the kubeconfig anew from the cluster.",
      cause: error,
    });
  }
  return new HarnessError("CLUSTER_UNREACHABLE", message, {
    hint: "Is the cluster running, and reachable from here? `kubectl cluster-info` with the same context must answer.",
    cause: error,
  });
}

/** Something else listens at the server's address: a proxy, a login page. */
export function notKubernetes(attempt: string, server: string, { text }: ApiAnswer): HarnessError {
  const start = text.trim().slice(0, 80);
  return new HarnessError(
    "CLUSTER_UNREACHABLE",
    `Could not ${attempt}; ${server} answered with something that is no JSON: "${start}".`,
    { hint: "The kubeconfig's server must be a Kubernetes API server. Is a proxy in between?" },
  );
}

function codeOf(error: unknown): string {
  if (typeof error === "object" && error !== null && "code" in error) return String(error.code);
  return "unknown error";
}

function isCertificateProblem(code: string): boolean {
  return /CERT|UNABLE_TO_|^ERR_SSL|^EPROTO|^ERR_TLS/.test(code);
}
