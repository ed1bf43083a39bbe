import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { runMuster } from '../helpers/program.ts';

/** The commands of a manual page, in its order. */
function commandsIn(manual: string): string[][] {
  return [...manual.matchAll(/^\.SS "muster ([a-z ]+?)(?: [[<].*)?"$/gm)].map(([, name = '']) => name.split(' '));
}

describe('help', () => {
  it('is written down as the manual page: npm run docs', async () => {
    const { code, stdout } = await runMuster(['manual']);
    expect(code).toBe(0);
    expect(readFileSync('man/muster.1', 'utf8')).toBe(stdout);
  });

  it('has examples for every command, which begin with its name', async () => {
    const commands = commandsIn(readFileSync('man/muster.1', 'utf8')).filter(([name]) => name !== 'help');
    expect(commands.length).toBeGreaterThan(10);
    const helps = await Promise.all(commands.map(async (command) => runMuster([...command, '--help'])));
    for (const [at, { code, stdout }] of helps.entries()) {
      const name = `muster ${commands[at]?.join(' ')}`;
      expect(code, name).toBe(0);
      expect(stdout.split('Examples:\n')[1], name).toContain(name);
    }
  });
});
