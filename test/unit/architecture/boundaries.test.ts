import { execFile } from 'node:child_process';
import { cp, mkdir, mkdtemp, readFile, realpath, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ALLOWED, BYSTANDERS, CROSSING, type Finding, IMPURE } from './planted.ts';

/**
 * The guards of the architecture must bite. A copy of the pure core gets one forbidden thing in each planted file; every tool of
 * `npm run check` that guards the core runs once over the copy and has to name the file and the thing.
 */
const ROOT = join(import.meta.dirname, '../../..');
const CONFIGS = [
  'package.json',
  'tsconfig.json',
  'tsconfig.core.json',
  'tsconfig.build.json',
  '.oxlintrc.json',
  '.dependency-cruiser.mjs',
];
const CORE = ['src/base', 'src/store', 'src/gossip'];

let tree = '';
let findings: readonly Finding[] = [];

beforeAll(async () => {
  tree = await realpath(await mkdtemp(join(tmpdir(), 'muster-boundaries-')));
  for (const folder of CORE) await cp(join(ROOT, folder), join(tree, folder), { recursive: true });
  for (const config of CONFIGS) await cp(join(ROOT, config), join(tree, config));
  await symlink(join(ROOT, 'node_modules'), join(tree, 'node_modules'));
  for (const { file, code } of IMPURE) await plant(file, code);
  const compiled = await types();
  for (const { file, code } of [...CROSSING, ...ALLOWED]) await plant(file, code);
  for (const [file, code] of Object.entries(BYSTANDERS)) await plant(file, code);
  findings = [compiled, await lint(), await boundaries()].flat();
}, 60_000);

afterAll(async () => {
  await rm(tree, { recursive: true, force: true });
});

describe.each([
  { group: 'the pure core refuses', cases: IMPURE },
  { group: 'the import table refuses', cases: CROSSING },
])('$group', ({ cases }) => {
  it.each(cases)('$what', ({ file, expected }) => {
    for (const [tool, words] of Object.entries(expected)) {
      const said = findings.filter((finding) => finding.tool === tool && finding.file === file).map(({ says }) => says);
      expect(said, `${tool} on ${file}`).toContainEqual(expect.stringMatching(words));
    }
  });
});

describe('the import table allows', () => {
  it.each(ALLOWED)('$what', ({ file }) => {
    expect(findings.filter((finding) => finding.file === file)).toEqual([]);
  });
});

describe('the guards', () => {
  it('find the core as it is pure', () => {
    const planted = new Set([...IMPURE, ...CROSSING].map(({ file }) => file));
    // In a copy without the shell a module of base may well be without a reader, and planting `../gossip` makes circles.
    const others = findings.filter(({ file, says }) => !planted.has(file) && !/^(?:no-orphans|no-circular)/.test(says));
    expect(others).toEqual([]);
  });

  it('are all part of the check', async () => {
    const { scripts } = JSON.parse(await readFile(join(ROOT, 'package.json'), 'utf8')) as {
      scripts: Record<string, string>;
    };
    expect(scripts['check']).toMatch(/npm run lint .*npm run types .*npm run boundaries/);
    expect(scripts['types']).toContain('tsc -p tsconfig.core.json');
    expect(scripts['lint']).toContain('--deny-warnings');
    expect(scripts['boundaries']).toContain('--config .dependency-cruiser.mjs src');
  });
});

async function plant(file: string, code: string): Promise<void> {
  await mkdir(dirname(join(tree, file)), { recursive: true });
  await writeFile(join(tree, file), `${code}\n`);
}

/** Runs a tool of node_modules in the copy; answers its standard output, for a tool that finds something fails. */
function run(bin: string, ...args: readonly string[]): Promise<string> {
  return new Promise((resolve, reject) => {
    const command = [join(ROOT, 'node_modules/.bin', bin), ...args];
    execFile(process.execPath, command, { cwd: tree, maxBuffer: 1 << 26 }, (error, stdout, stderr) => {
      if (error === null) reject(new Error(`${bin} found nothing in a tree full of violations`));
      else if (stdout === '') reject(new Error(`${bin} said nothing: ${stderr}`));
      else resolve(stdout);
    });
  });
}

async function types(): Promise<Finding[]> {
  const output = await run('tsc', '-p', 'tsconfig.core.json', '--pretty', 'false');
  return [...output.matchAll(/^(?<file>\S+?)\(\d+,\d+\): (?<says>.*)$/gm)].map(({ groups }) => ({
    tool: 'types',
    file: groups?.['file'] ?? '',
    says: groups?.['says'] ?? '',
  }));
}

async function lint(): Promise<Finding[]> {
  const { diagnostics } = JSON.parse(await run('oxlint', '--deny-warnings', '-f', 'json', 'src')) as {
    diagnostics: { filename: string; code: string; message: string }[];
  };
  return diagnostics.map(({ filename, code, message }) => ({
    tool: 'lint',
    file: filename,
    says: `${code}: ${message}`,
  }));
}

async function boundaries(): Promise<Finding[]> {
  // The copy borrows node_modules by a link, which the cruiser must not follow out of the copy.
  await plant(
    'cruise.mjs',
    `import config from './.dependency-cruiser.mjs';
export default { ...config, options: { ...config.options, preserveSymlinks: true } };`,
  );
  const output = await run('depcruise', '--config', 'cruise.mjs', 'src', 'sim', 'test');
  return [...output.matchAll(/^ +error (?<rule>\S+): (?<from>\S+)(?: → *(?<to>.*))?$/gm)].map(({ groups }) => ({
    tool: 'boundaries',
    file: groups?.['from'] ?? '',
    says: `${groups?.['rule']}: ${groups?.['to'] ?? ''}`,
  }));
}
