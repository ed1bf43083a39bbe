import { createInterface } from 'node:readline';

/** What a person says to a question; `unasked` where there is nobody to ask. */
export type Consent = 'yes' | 'no' | 'unasked';

/**
 * Asks on the terminal, on standard error, whether to go on. Anything but a yes is a no, and so is Ctrl-C.
 *
 * @param question safe to print, without the hint at the answers
 */
export async function confirm(question: string): Promise<Consent> {
  const { stdin, stderr } = process;
  if (!stdin.isTTY || !stderr.isTTY) return 'unasked';
  const lines = createInterface({ input: stdin, output: stderr });
  return new Promise((resolve) => {
    lines.once('close', () => resolve('no'));
    lines.question(`${question} [y/N] `, (answer) => {
      resolve(/^y(?:es)?$/i.test(answer.trim()) ? 'yes' : 'no');
      lines.close();
    });
  });
}
