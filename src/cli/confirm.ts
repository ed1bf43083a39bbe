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
    const giveUp = (): void => {
      stderr.write('\n');
      resolve('no');
    };
    lines.once('close', giveUp);
    lines.question(`${question} [y/N] `, (answer) => {
      lines.off('close', giveUp);
      resolve(/^y(?:es)?$/i.test(answer.trim()) ? 'yes' : 'no');
      lines.close();
    });
  });
}
