import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { runMuster } from '../helpers/program.ts';
import { Terminal } from '../helpers/terminal.ts';

const folder = mkdtempSync(join(tmpdir(), 'muster-completion-'));
afterAll(() => rmSync(folder, { recursive: true }));

/** The script of the shipped program for a shell, as a file. */
async function scriptFor(shell: string): Promise<string> {
  const { code, stdout } = await runMuster(['completion', shell]);
  expect(code).toBe(0);
  const file = join(folder, `muster.${shell}`);
  writeFileSync(file, stdout);
  return file;
}

/** Command lines of the shipped program, and some of what each is completed with. */
const LINES: readonly [string, readonly string[]][] = [
  ['muster ', ['agent', 'members', 'demo', 'sim', 'completion', 'help']],
  ['muster sim ', ['run', 'list', 'replay']],
  ['muster members --', ['--output', '--state', '--watch']],
  ['muster members -o ', ['table', 'wide', 'json', 'yaml']],
  ['muster agent --log-level ', ['trace', 'silent']],
  ['muster completion ', ['bash', 'zsh', 'fish']],
];

describe('completion of the shipped program', () => {
  it('works in bash', async () => {
    const script = await scriptFor('bash');
    for (const [line, expected] of LINES) {
      const words = line.split(' ').map((word) => `'${word}'`);
      const command = `source ${script}; COMP_WORDS=(${words.join(' ')}); COMP_CWORD=${words.length - 1}; _muster; echo "\${COMPREPLY[@]}"`;
      const offered = execFileSync('bash', ['--norc', '-c', command], { encoding: 'utf8' }).trim().split(' ');
      expect(offered, line).toEqual(expect.arrayContaining([...expected]));
    }
  });

  it('works in fish', async () => {
    const script = await scriptFor('fish');
    for (const [line, expected] of [...LINES, ['muster agent --config exam', ['examples/']] as const]) {
      const command = `source ${script}; complete -C '${line}'`;
      const offered = execFileSync('fish', ['--no-config', '-c', command], { encoding: 'utf8' })
        .split('\n')
        .map((entry) => entry.split('\t')[0]);
      expect(offered, line).toEqual(expect.arrayContaining([...expected]));
    }
  });

  it('works in zsh, as typed on a terminal', async (context) => {
    const script = await scriptFor('zsh');
    const zsh = new Terminal(context, 'zsh -f -i');
    zsh.press(`autoload -U compinit; compinit -D -u; source ${script}; PS1='rea''dy> '\r`);
    await zsh.shows(/ready> /, 10_000);
    for (const [line, expected] of LINES) {
      const from = zsh.text.length;
      zsh.press(`${line}\t\t`);
      for (const word of expected) await zsh.shows(new RegExp(`[ \\n]${word}[ \\n\\r]`), 10_000, from);
      const before = zsh.text.length;
      zsh.press('\u0003');
      await zsh.shows(/ready> /, 10_000, before);
    }
  });
});
