import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { KubeconfigDocument } from '../../../../src/cli/kubeconfig/document.ts';
import { applyEntries, planMerge } from '../../../../src/cli/kubeconfig/merge.ts';

const MINE = `# my clusters
apiVersion: v1
kind: Config
current-context: home
preferences: {}
clusters:
- name: home # at home
  cluster:
    certificate-authority-data: aGVsbG8=
    server: https://home:6443
contexts:
- context:
    cluster: home
    namespace: attic
    user: me
  name: home
users:
- name: me
  user:
    token: secret
`;
const EU = { name: 'prod-eu', server: 'https://eu.example.com' };

function read(text: string): KubeconfigDocument {
  const document = KubeconfigDocument.parse(text);
  if (!document.ok) throw new Error(document.error);
  return document.value;
}

function merged(text: string, entries = [EU]): string {
  const document = read(text);
  applyEntries(document, entries);
  return document.toString();
}

describe('merging into a kubeconfig', () => {
  it('adds what is new behind what is there, and keeps all of that with its comments', () => {
    const text = merged(MINE);
    const lines = text.split('\n');
    expect(MINE.split('\n').filter((line) => !lines.includes(line))).toEqual([]);
    const before = parse(MINE);
    expect(parse(text)).toEqual({
      ...before,
      clusters: [...before.clusters, { name: 'prod-eu', cluster: { server: 'https://eu.example.com' } }],
      contexts: [...before.contexts, { name: 'prod-eu', context: { cluster: 'prod-eu', user: '' } }],
    });
  });

  it('says what is new, and what is there already; the second time nothing changes', () => {
    expect(planMerge(read(MINE), [EU])).toEqual({ added: ['prod-eu'], replaced: [], unchanged: [] });
    const once = merged(MINE);
    expect(planMerge(read(once), [EU])).toEqual({ added: [], replaced: [], unchanged: ['prod-eu'] });
    expect(merged(once)).toBe(once);
  });

  it('gives a cluster another server, says so before, and keeps its authorities, users and namespaces', () => {
    const moved = { name: 'home', server: 'https://elsewhere:6443' };
    expect(planMerge(read(MINE), [moved]).replaced).toEqual([
      { kind: 'cluster', name: 'home', from: 'https://home:6443', to: 'https://elsewhere:6443' },
    ]);
    expect(parse(merged(MINE, [moved]))).toMatchObject({
      clusters: [{ cluster: { server: 'https://elsewhere:6443', 'certificate-authority-data': 'aGVsbG8=' } }],
      contexts: [{ context: { cluster: 'home', namespace: 'attic', user: 'me' } }],
    });
  });

  it('takes a context of another cluster its user, so that no credentials go where they did not', () => {
    const text = MINE.replace('  name: home\nusers', '  name: prod-eu\nusers');
    expect(planMerge(read(text), [EU]).replaced).toEqual([
      { kind: 'context', name: 'prod-eu', from: 'home', to: 'prod-eu' },
    ]);
    expect(parse(merged(text)).contexts).toEqual([{ name: 'prod-eu', context: { cluster: 'prod-eu', user: '' } }]);
  });

  it('asks before there comes to be a cluster that a context with a user names already', () => {
    const text = MINE.replace('cluster: home', 'cluster: prod-eu');
    expect(planMerge(read(text), [EU]).replaced).toEqual([
      { kind: 'cluster', name: 'prod-eu', from: '', to: 'https://eu.example.com' },
    ]);
  });

  it.each([
    '',
    '\n',
    'apiVersion: v1\nkind: Config\n',
    'clusters: []\ncontexts: null\nusers: []\n',
    '{"kind": "Config"}',
  ])('begins where there is hardly anything: %j', (text) => {
    expect(parse(merged(text))).toMatchObject({
      clusters: [{ name: 'prod-eu' }],
      contexts: [{ name: 'prod-eu', context: { cluster: 'prod-eu', user: '' } }],
    });
  });

  it('keeps to the form of a file that is JSON', () => {
    const json = JSON.stringify({ clusters: [{ name: 'home', cluster: { server: 'https://home:6443' } }], users: [] });
    expect(JSON.parse(merged(json))).toMatchObject({
      clusters: [{ name: 'home' }, { name: 'prod-eu', cluster: { server: 'https://eu.example.com' } }],
      contexts: [{ name: 'prod-eu' }],
    });
  });

  it('writes names in quotes that YAML takes for something else', () => {
    const names = ['yes', 'null', '08', '1e3', '12:30:45', '2026-11-21', '=', '~'];
    const text = merged(
      '',
      names.map((name) => ({ name, server: 'https://a' })),
    );
    for (const name of names) expect(text).toContain(`name: "${name}"`);
  });

  it.each([
    ['a: [', 'is no YAML'],
    ['a: 1\na: 2\n', 'is no YAML'],
    ['kind: Config\n---\nkind: Config\n', 'is no YAML'],
    ['just a text', 'is no kubeconfig: it is no map'],
    ['- 1\n', 'is no kubeconfig: it is no map'],
    ['clusters:\n- &a\n  name: x\ncontexts:\n- *a\n', 'has YAML aliases'],
    ['kind: Pod\n', 'is no kubeconfig: its kind is not Config'],
    ['clusters: {}\n', 'is no kubeconfig: clusters is no list'],
    ['contexts:\n- name: a\n- 5\n', 'is no kubeconfig: entry 2 of contexts has no name'],
  ])('refuses %j', (text, message) => {
    const document = KubeconfigDocument.parse(text);
    expect(document.ok ? '' : document.error).toContain(message);
  });
});
