import type { Resource } from "#embedded/api/client.ts";
import type { ResourceDefinition } from "./resource-definition.ts";

/** Everything the API serves, found by the three words of a URL. Custom resources come and go. */
export class ResourceCatalog {
  readonly #definitions = new Map<string, ResourceDefinition>();

  constructor(builtIn: readonly ResourceDefinition[]) {
    for (const definition of builtIn) this.add(definition);
  }

  find({
    group,
    version,
    plural,
  }: Pick<Resource, "group" | "version" | "plural">): ResourceDefinition | undefined {
    return this.#definitions.get(`${group}/${version}/${plural}`);
  }

  add(definition: ResourceDefinition): void {
    const { group, version, plural } = definition;
    this.#definitions.set(`${group}/${version}/${plural}`, definition);
  }

  remove({ group, version, plural }: Pick<Resource, "group" | "version" | "plural">): void {
    this.#definitions.delete(`${group}/${version}/${plural}`);
  }

  /** In the order they were added. */
  all(): readonly ResourceDefinition[] {
    return [...this.#definitions.values()];
  }
}
