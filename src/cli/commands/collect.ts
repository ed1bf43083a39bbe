/** Gathers the values of an option that may be given more than once, in order. */
export function collect(value: string, previous: string[] = []): string[] {
  return [...previous, value];
}
