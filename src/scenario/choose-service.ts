import type { Manifest } from "./load-manifests.ts";
import { portsOf } from "./pod-template.ts";
import { textReader } from "./readers.ts";
import type { YamlValue } from "./yaml-value.ts";

/** A Service as `service: shop` or `service: shop:8080` names it. */
interface WantedService {
  readonly name: string;
  readonly port?: number;
}

/** The port is needed where the Service has several. */
export const SERVICE = textReader<WantedService>("a Service such as shop or shop:8080", (text) => {
  const { name, port } = /^(?<name>[a-z0-9-]+)(?::(?<port>\d+))?$/.exec(text)?.groups ?? {};
  if (name === undefined) return undefined;
  return { name, ...(port !== undefined && { port: Number(port) }) };
});

/** The Service that the load goes through, and its port where it has several. */
interface ChosenService {
  readonly manifest: Manifest;
  readonly port?: number;
}

/** The Service that `place` names, or the only one of the manifests. */
export function chooseService(
  manifests: readonly Manifest[],
  wanted: WantedService | undefined,
  place: YamlValue,
): ChosenService | undefined {
  const services = manifests.filter(({ object }) => object.kind === "Service");
  const names = services.map(({ object }) => object.metadata.name).join(", ");
  if (services.length === 0) return place.report("needs a Service; its manifests hold none");
  if (wanted === undefined && services.length > 1)
    return place.report(`lacks "service": its manifests hold the Services ${names}; say which`);
  const manifest =
    wanted === undefined
      ? services[0]
      : services.find(({ object }) => object.metadata.name === wanted.name);
  if (manifest === undefined)
    return place.report(`names the Service "${wanted?.name}", but the manifests hold ${names}`);
  return choosePort(manifest, wanted?.port, place);
}

function choosePort(
  manifest: Manifest,
  wanted: number | undefined,
  place: YamlValue,
): ChosenService | undefined {
  const { name } = manifest.object.metadata;
  const ports = portsOf(manifest.object);
  if (ports.length === 0) return manifest.report("has no ports, so no load can go through it");
  if (wanted === undefined) {
    if (ports.length === 1) return { manifest };
    return place.report(
      `must say which port of ${name}: write ${name}:${ports.join(` or ${name}:`)}`,
    );
  }
  if (ports.includes(wanted)) return { manifest, port: wanted };
  return place.report(`names port ${wanted}, but ${name} has ${ports.join(", ")}`);
}
