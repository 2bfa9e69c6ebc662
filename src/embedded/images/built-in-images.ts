import { join } from "node:path";

/** An image that needs no mapping, since the cluster brings a program that stands for it. */
export interface BuiltInImage {
  /** Without a tag: every version of it. */
  readonly image: string;
  readonly directory: string;
  readonly command: readonly string[];
}

/** The image that Kubernetes' own end-to-end tests run in their pods; here with `netexec` and `pause`. */
export const BUILT_IN_IMAGES: readonly BuiltInImage[] = [
  {
    image: "registry.k8s.io/e2e-test-images/agnhost",
    directory: "/",
    command: ["sh", inThisFolder("agnhost.sh"), process.execPath, inThisFolder("agnhost.cjs")],
  },
];

function inThisFolder(file: string): string {
  return join(import.meta.dirname, file);
}
