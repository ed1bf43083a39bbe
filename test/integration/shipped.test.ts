import { execFile } from 'node:child_process';
import { cp, mkdtemp, readFile, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { promisify } from 'node:util';
import { build } from 'esbuild';
import { describe, expect, onTestFinished, test } from 'vitest';
import { codeCacheOf, compileProgram } from '../../src/cli/compile-program.ts';

const PROGRAM = 'dist/src/cli/program.cjs';
const run = promisify(execFile);

describe('what is built', () => {
  test('has a code cache that this Node.js takes', () => {
    expect(compileProgram(resolve(PROGRAM)).cachedDataRejected).toBe(false);
  });

  test.each(['missing', 'damaged'])('runs with its code cache %s', async (what) => {
    const copy = await copyOfBuild();
    const cache = join(copy, codeCacheOf(PROGRAM));
    await (what === 'missing' ? rm(cache) : writeFile(cache, 'no cache at all'));
    const { stdout, stderr } = await run(process.execPath, [join(copy, 'dist/src/cli/main.js'), 'version']);
    expect(stdout).toMatch(/^muster \d/);
    expect(stderr).toBe('');
  });

  test('names the sources in a stack trace when debugging is asked for', async () => {
    const copy = await copyOfBuild();
    await writeFile(join(copy, 'package.json'), '{ "type": "module" }');
    const failing = run(process.execPath, [join(copy, 'dist/src/cli/main.js'), 'version'], {
      env: { ...process.env, MUSTER_LOG_LEVEL: 'debug' },
    });
    await expect(failing).rejects.toMatchObject({ stderr: expect.stringContaining('src/cli/version.ts:3') });
  });

  test('has the licences of what is bundled', async () => {
    const licences = await readFile('dist/THIRD-PARTY-LICENCES.txt', 'utf8');
    for (const name of ['@grpc/grpc-js', 'commander', 'fastify', 'pino']) expect(licences).toContain(`\n${name} `);
  });
});

test('an agent on its way to ready loads none of what only some need', async () => {
  const loaded = await loadedAtOnce('src/cli/agent.ts');
  expect(loaded).toContain('fastify');
  const rarely = new Set(['@grpc/proto-loader', '@grpc/reflection', 'grpc-health-check', 'vega', 'vega-lite']);
  expect(loaded.filter((name) => rarely.has(name))).toEqual([]);
});

/** The build, in a place of its own where it can be changed. */
async function copyOfBuild(): Promise<string> {
  const copy = await mkdtemp(join(tmpdir(), 'muster-build-'));
  onTestFinished(async () => rm(copy, { recursive: true, force: true }));
  await cp('dist', join(copy, 'dist'), { recursive: true });
  await cp('package.json', join(copy, 'package.json'));
  await symlink(resolve('node_modules'), join(copy, 'node_modules'));
  return copy;
}

/** The packages that come with a module: what it imports, and what that imports, without what is imported only when it is needed. */
async function loadedAtOnce(entry: string): Promise<readonly string[]> {
  const { metafile } = await build({
    entryPoints: [entry],
    bundle: true,
    splitting: true,
    format: 'esm',
    platform: 'node',
    packages: 'external',
    outdir: 'nowhere',
    write: false,
    metafile: true,
  });
  const loaded = new Set<string>();
  const visit = (path: string): void => {
    if (loaded.has(path)) return;
    loaded.add(path);
    for (const { kind, path: next } of metafile.outputs[path]?.imports ?? []) {
      if (kind === 'import-statement') visit(next);
    }
  };
  const [start] = Object.entries(metafile.outputs).find(([, { entryPoint }]) => entryPoint === entry) ?? [];
  visit(start ?? '');
  return [...loaded];
}
