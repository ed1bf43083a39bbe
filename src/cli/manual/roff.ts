/** Text as a line of its own in a manual page: nothing in it is taken for a request or an escape. */
export function roffLine(text: string): string {
  const plain = text.replaceAll('\\', String.raw`\e`).replaceAll('-', String.raw`\-`);
  return /^[.']/.test(plain) ? String.raw`\&${plain}` : plain;
}

/** An argument of a macro, in quotes. */
export function roffArgument(text: string): string {
  return `"${roffLine(text).replaceAll('"', String.raw`\(dq`)}"`;
}

/** Lines that are to stay as they are, such as commands. */
export function roffExample(lines: readonly string[]): string[] {
  return ['.PP', '.nf', '.RS 4', ...lines.map(roffLine), '.RE', '.fi'];
}
