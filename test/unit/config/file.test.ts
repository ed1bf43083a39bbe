import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { SETTING_LIST } from '../../../src/config/settings.ts';
import { configOf, linesOf, problemsOf } from './inputs.ts';

function readFile(): string {
  throw new Error('ENOENT: no such file or directory');
}

describe('the file', () => {
  it('gives settings by their keys', () => {
    const config = configOf({
      file: `
nodeId: n1
gossip:
  bind: '[::1]:0'
  bootstrapPeers: [a:1, dns://b:2]
  factor: 4
  interval: 250ms
  reflection: true
cluster:
  apiPort: 6443
  labels: {env: prod, "1": ""}
`,
    });
    expect(config.nodeId).toBe('n1');
    expect(config.gossip).toMatchObject({ bind: { host: '::1', port: 0 }, factor: 4, interval: 250, reflection: true });
    expect(config.gossip.bootstrapPeers.map(({ target }) => target)).toEqual(['a:1', 'dns://b:2']);
    expect(config.cluster).toEqual({ apiEndpoint: '', apiPort: 6443, labels: { env: 'prod', 1: '' } });
  });

  it.each([
    '',
    '# only a comment\n',
    '---\n',
    '{}',
    'gossip:\n',
    'mesh:\ndataDir: null\ncluster: {labels: ~}\n',
    '\uFEFFhttp: {}',
  ])('may leave everything out: %j', (file) => {
    expect(configOf({ file }).mesh).toBe('default');
  });

  it('names the line of a bad value, in lists and maps the line of the entry', () => {
    const file = `gossip:
  factor: 0
  bootstrapPeers:
    - a:1
    - b
cluster:
  labels:
    ok: fine
    bad: not fine
`;
    expect(linesOf({ file }).map((line) => line.split(': ')[0])).toEqual([
      'muster.yaml:5 gossip.bootstrapPeers',
      'muster.yaml:2 gossip.factor',
      'muster.yaml:9 cluster.labels',
    ]);
  });

  it.each([
    ['gossip: {factor: [1]}', 'muster.yaml:1 gossip.factor: must be a whole number from 1 to 100, got a list'],
    ['gossip: {factor: "3"}', 'muster.yaml:1 gossip.factor: must be a whole number from 1 to 100, got the text "3"'],
    ['gossip: {reflection: yes}', 'muster.yaml:1 gossip.reflection: must be true or false, got the text "yes"'],
    ['mesh: 12', 'muster.yaml:1 mesh: must be text (write it in quotes), got the number 12'],
    ['gossip:\n- factor', 'muster.yaml:1 gossip: must be a map of settings, got a list'],
    ['gossip: {bootstrapPeers: [{a: 1}]}', 'muster.yaml:1 gossip.bootstrapPeers: must hold text only, got a map'],
    [
      'cluster:\n  labels:\n    env: true',
      'muster.yaml:3 cluster.labels: the value of "env" must be text (write it in quotes), got the boolean true',
    ],
    ['cluster: {labels: {env: }}', 'muster.yaml:1 cluster.labels: the value of "env" must be text, got nothing'],
    [
      'gossip:\n  bootstrapPeers: [&a b:1, *a]',
      'muster.yaml:2 gossip.bootstrapPeers: must hold text only, got an alias',
    ],
    ['- a', 'muster.yaml:1: must be a map of settings, got a list'],
    ['just text', 'muster.yaml:1: must be a map of settings, got the text "just text"'],
    ['? [a]\n: 1', 'muster.yaml:1: must have text as its keys, got a list'],
  ])('refuses a wrong type: %j', (file, expected) => {
    const problems = problemsOf({ file });
    expect(linesOf({ file })).toContain(expected);
    expect(problems.every(({ code }) => code === 'MUSTER_CONFIG_TYPE' || code === 'MUSTER_CONFIG_UNKNOWN_KEY')).toBe(
      true,
    );
  });

  it('says of a duration without a unit what it lacks', () => {
    expect(linesOf({ file: 'gossip:\n  interval: 5' })[0]).toMatch(
      /^muster\.yaml:2 gossip\.interval: .* unit .*, got "5"$/,
    );
  });

  it('must be a list or map where one is expected', () => {
    const lines = linesOf({ file: 'gossip: {bootstrapPeers: a:1}\ncluster: {labels: [a]}' });
    expect(lines).toHaveLength(2);
    expect(lines[0]).toContain('muster.yaml:1 gossip.bootstrapPeers: must be a list of');
    expect(lines[1]).toContain('muster.yaml:2 cluster.labels: must be a map of');
  });

  it('is asked for keys that are not known, with a guess at what was meant', () => {
    expect(linesOf({ file: 'gossip:\n  fcator: 3\nflavour: mint\ngossip.factor: 3\nlog: {leve: info}' })).toEqual([
      'muster.yaml:2 gossip.fcator: is not a setting; did you mean "gossip.factor"?',
      'muster.yaml:3 flavour: is not a setting',
      'muster.yaml:4 gossip.factor: is not a setting; write each part on a line of its own, below the one before',
      'muster.yaml:5 log.leve: is not a setting; did you mean "log.level"?',
    ]);
    expect(linesOf({ file: '__proto__: {a: 1}\nconstructor: 1' })).toHaveLength(2);
  });

  it('names both lines of a key that is there twice', () => {
    const file = 'mesh: a\nhttp: {}\nmesh: b\ncluster:\n  labels:\n    x: "1"\n    x: "2"\n';
    expect(linesOf({ file })).toEqual([
      'muster.yaml:3 mesh: is given twice, first on line 1',
      'muster.yaml:7 cluster.labels.x: is given twice, first on line 6',
    ]);
  });

  it.each([
    ['mesh: "a', 1],
    ['mesh: a\n\tnodeId: b', 2],
    ['mesh: a\n---\nmesh: b', 2],
    ['mesh: a\nnodeId: !wild b', 2],
    ['mesh: a\nnodeId: !!binary aGk=', 2],
  ])('must be YAML that is understood: %j', (file, line) => {
    const problems = problemsOf({ file });
    expect(problems.map(({ code }) => code)).toContain('MUSTER_CONFIG_FILE_SYNTAX');
    expect(problems.map(({ source }) => source)).toContain(`muster.yaml:${line}`);
  });

  it('can not be bigger inside than it looks', () => {
    const levels = Array.from({ length: 30 }, (_, index) => `l${index + 1}: &l${index + 1} [*l${index}, *l${index}]`);
    const problems = problemsOf({ file: `l0: &l0 [x]\n${levels.join('\n')}\nmesh: *l30\n` });
    expect(problems.length).toBeLessThan(40);
    expect(problems.some(({ message }) => message.endsWith('got an alias'))).toBe(true);
  });

  it.each([
    ['deep lists', '['.repeat(100_000), 'deeper than 20'],
    ['deep list items', '- '.repeat(100_000), 'deeper than 20'],
    ['deep keys', '? '.repeat(100_000), 'deeper than 20'],
    ['deep maps', '{a: '.repeat(50_000), 'deeper than 20'],
    ['no end', `# ${'x'.repeat(300_000)}`, 'at most 262144 characters'],
  ])('with %s is refused with one line, before anything recurses into it', (_, file, reason) => {
    const problems = problemsOf({ file });
    expect(problems.map(({ code }) => code)).toEqual(['MUSTER_CONFIG_FILE_SYNTAX']);
    expect(problems[0]?.message).toContain(reason);
  });

  it('that can not be read is named with the reason', () => {
    expect(linesOf({ env: { MUSTER_CONFIG: 'nowhere.yaml' }, readFile })).toEqual([
      'MUSTER_CONFIG: must name a file that can be read, got "nowhere.yaml" (ENOENT: no such file or directory)',
    ]);
    const flags = { config: 'else.yaml', gossipFactor: '0' };
    const problems = problemsOf({ flags, env: { MUSTER_CONFIG: 'nowhere.yaml' }, readFile });
    expect(problems.map(({ source }) => source)).toEqual(['--config', '--gossip-factor']);
  });
});

describe('the example file', () => {
  const file = readFileSync(new URL('../../../examples/muster.yaml', import.meta.url), 'utf8');

  it('holds every setting', () => {
    const { sources } = configOf({ file });
    const missing = SETTING_LIST.filter(({ key }) => sources[key as keyof typeof sources].kind !== 'file');
    expect(missing).toEqual([]);
  });
});
