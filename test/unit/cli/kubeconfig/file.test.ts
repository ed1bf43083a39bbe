import { mkdtemp, readFile, readlink, rm, stat, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { readConfig, replaceConfig } from '../../../../src/cli/kubeconfig/file.ts';
import { parseKubeconfigFlags } from '../../../../src/cli/kubeconfig/flags.ts';

let folder = '';
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'muster-kubeconfig-'));
});
afterEach(async () => rm(folder, { recursive: true }));

const modeOf = async (path: string): Promise<number> => (await stat(path)).mode & 0o777;

describe("a kubeconfig's file", () => {
  it('is made with its folder, for its owner alone', async () => {
    const path = join(folder, '.kube', 'config');
    expect(await readConfig(path)).toEqual({ ok: true, value: undefined });
    expect(await replaceConfig(path, undefined, 'new')).toMatchObject({ ok: true });
    expect(await readConfig(path)).toEqual({ ok: true, value: 'new' });
    expect([await modeOf(path), await modeOf(join(folder, '.kube'))]).toEqual([0o600, 0o700]);
    await expect(stat(`${path}.lock`)).rejects.toThrow('ENOENT');
  });

  it('stays where a link leads, and is closed to others when it was open', async () => {
    const [real, link] = [join(folder, 'real'), join(folder, 'link')];
    await writeFile(real, 'old', { mode: 0o644 });
    await symlink(real, link);
    expect(await replaceConfig(link, 'old', 'new')).toMatchObject({ ok: true });
    expect(await readlink(link)).toBe(real);
    expect([await readFile(real, 'utf8'), await modeOf(real)]).toEqual(['new', 0o600]);
  });

  it('is left alone when it has changed meanwhile', async () => {
    const path = join(folder, 'config');
    await writeFile(path, 'theirs');
    const written = await replaceConfig(path, 'as it was', 'ours');
    expect(written.ok ? '' : written.error).toMatch(/config has changed meanwhile, and is left as it is$/);
    expect(await readFile(path, 'utf8')).toBe('theirs');
  });

  it('is left alone while another program holds its lock, which is left too', async () => {
    const path = join(folder, 'config');
    await writeFile(`${path}.lock`, '');
    const written = await replaceConfig(path, undefined, 'ours');
    expect(written.ok ? '' : written.error).toMatch(
      /is being changed by another program; if none runs, remove .*lock$/,
    );
    await expect(stat(path)).rejects.toThrow('ENOENT');
    expect((await stat(`${path}.lock`)).isFile()).toBe(true);
  });

  it('says why it can not be read or written', async () => {
    const read = await readConfig(folder);
    expect(read.ok ? '' : read.error).toMatch(/ can not be read: EISDIR/);
    await writeFile(join(folder, 'file'), '');
    const written = await replaceConfig(join(folder, 'file', 'config'), undefined, 'ours');
    expect(written.ok ? '' : written.error).toMatch(/ can not be written: /);
  });
});

describe('the flags of muster kubeconfig', () => {
  const system = { home: '/home/me', delimiter: ':' };
  it.each([
    [{}, {}, undefined],
    [{}, { KUBECONFIG: '/a' }, undefined],
    [{ merge: true }, {}, { path: '/home/me/.kube/config', merge: true }],
    [{ merge: true }, { KUBECONFIG: ':/a:/b' }, { path: '/a', merge: true }],
    [{ merge: true, file: 'c' }, { KUBECONFIG: '/a' }, { path: 'c', merge: true }],
    [{ file: 'c' }, {}, { path: 'c', merge: false }],
  ])('%j with %j write to %j', (flags, env, target) => {
    const parsed = parseKubeconfigFlags(flags, env, system);
    expect(parsed.ok && parsed.value.target).toEqual(target);
  });

  it('are refused with one line for every mistake', () => {
    expect(parseKubeconfigFlags({ file: '', http: 'x' }, {}, system)).toMatchObject({
      ok: false,
      error: ['--file: must be a path', expect.stringMatching(/^--http: /)],
    });
  });
});
