/**
 * Kubernetes' `$(NAME)` references. `$$` stands for one dollar and protects what follows; a reference
 * to a variable that is not defined is left as it is.
 */
export function expandVariables(text: string, variables: Readonly<Record<string, string>>): string {
  return text.replace(/\$\$|\$\(([^)]*)\)/g, (found, name: string | undefined) => {
    if (name === undefined) return "$";
    return Object.hasOwn(variables, name) ? (variables[name] ?? "") : found;
  });
}
