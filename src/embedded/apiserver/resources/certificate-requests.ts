import type { KubeObject } from "#embedded/api/objects.ts";
import { isObject } from "#embedded/apiserver/json/copy-json.ts";
import {
  define,
  type ResourceDefinition,
} from "#embedded/apiserver/registry/resource-definition.ts";
import { CERTIFICATE_REQUEST_TABLE } from "#embedded/apiserver/tables/certificate-request-table.ts";
import { invalid, type Problem, required } from "#embedded/apiserver/validation/problem.ts";

const AUTHOR = ["username", "uid", "groups", "extra"];

/** Stored, approved and denied; signed by nobody, which is told to who asks for a certificate. */
export const CERTIFICATE_REQUESTS: ResourceDefinition = define(
  {
    ...{ group: "certificates.k8s.io", version: "v1" },
    ...{ plural: "certificatesigningrequests", kind: "CertificateSigningRequest" },
    namespaced: false,
  },
  {
    shortNames: ["csr"],
    hasStatus: true,
    hasApproval: true,
    creationWarning:
      "this cluster signs no certificates: an approved request waits for a signer of your own",
    printer: CERTIFICATE_REQUEST_TABLE,
    rules: {
      setAuthor: (draft, user) => {
        // Nothing of what somebody says of himself survives, also not where the server knows less.
        const given = Object.entries(isObject(draft.spec) ? draft.spec : {});
        const asked = given.filter(([field]) => !AUTHOR.includes(field));
        draft.spec = { ...Object.fromEntries(asked), ...user };
      },
      prepareForCreate: (draft) => {
        draft.status = {};
      },
      // What was asked for stays as it is, whatever an update says.
      prepareForUpdate: (draft, old) => {
        draft.spec = old.spec;
      },
      validate: specProblems,
      validateStatus: verdictProblems,
      selectableFields: ["spec.signerName"],
      fieldsOf: ({ spec }) => ({
        "spec.signerName": String(isObject(spec) ? (spec["signerName"] ?? "") : ""),
      }),
    },
  },
);

function specProblems({ spec }: KubeObject): readonly Problem[] {
  const given = isObject(spec) ? spec : {};
  const missing = ["request", "signerName", "usages"]
    .filter((field) => given[field] === undefined || String(given[field]) === "")
    .map((field) => required(`spec.${field}`));
  const seconds = given["expirationSeconds"];
  if (typeof seconds !== "number" || seconds >= 600) return missing;
  const detail = "may not specify a duration less than 600 seconds (10 minutes)";
  return [...missing, invalid("spec.expirationSeconds", seconds, detail)];
}

/** A request is approved or denied, not both. */
function verdictProblems({ status }: KubeObject): readonly Problem[] {
  const { conditions = [] } = (status ?? {}) as { conditions?: readonly { type?: string }[] };
  const verdicts = conditions.filter(({ type }) => type === "Approved" || type === "Denied");
  const [first] = verdicts;
  const second = verdicts.find(({ type }) => type !== first?.type);
  const detail = "Approved and Denied conditions are mutually exclusive";
  return second === undefined ? [] : [invalid("status.conditions", second.type, detail)];
}
