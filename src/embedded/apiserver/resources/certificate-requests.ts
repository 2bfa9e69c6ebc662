import type { KubeObject } from "#embedded/api/objects.ts";
import { isObject } from "#embedded/apiserver/json/copy-json.ts";
import {
  define,
  type ResourceDefinition,
} from "#embedded/apiserver/registry/resource-definition.ts";
import { CERTIFICATE_REQUEST_TABLE } from "#embedded/apiserver/tables/certificate-request-table.ts";
import { type Problem, required } from "#embedded/apiserver/validation/problem.ts";

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
    returnsDeleted: false,
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
      selectableFields: ["spec.signerName"],
      fieldsOf: ({ spec }) => ({
        "spec.signerName": String(isObject(spec) ? (spec["signerName"] ?? "") : ""),
      }),
    },
  },
);

function specProblems({ spec }: KubeObject): readonly Problem[] {
  const given = isObject(spec) ? spec : {};
  return ["request", "signerName", "usages"]
    .filter((field) => given[field] === undefined || String(given[field]) === "")
    .map((field) => required(`spec.${field}`));
}
