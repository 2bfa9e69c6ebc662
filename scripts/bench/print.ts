/** Prints Markdown. A heading stands apart from what follows it; the rows of a table do not. */
export function print(...lines: readonly string[]): void {
  for (const line of lines)
    process.stdout.write(line.startsWith("#") ? `\n${line}\n\n` : `${line}\n`);
}
