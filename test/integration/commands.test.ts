import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { parse } from 'yaml';
import { type AgentProcess, allHealthy } from '../helpers/agent-process.ts';
import { Agents, agentsOf } from '../helpers/agents.ts';
import { eventually } from '../helpers/eventually.ts';
import { reservePorts } from '../helpers/ports.ts';
import { exitOf, type Finished, runMuster, startMuster } from '../helpers/program.ts';
import { onTerminal } from '../helpers/terminal.ts';

const FAST = ['--gossip-interval', '200ms'];

const done = (stdout: string) => ({ code: 0, signal: null, stdout, stderr: '' });

/** Runs a command at an agent. */
async function at(agent: AgentProcess, ...args: readonly string[]): Promise<Finished> {
  return runMuster(args, { env: { MUSTER_HTTP: `http://${agent.http}` } });
}

/** Waits until a text that grows is as wanted. */
async function says(read: () => string, until: RegExp): Promise<void> {
  await eventually({ what: String(until), deadlineMs: 15_000, read, until: (text) => until.test(text) });
}

describe('the commands that ask and steer a node', () => {
  const agents = new Agents();
  let first: AgentProcess;
  let second: AgentProcess;

  beforeAll(async () => {
    const eu = ['--label', 'env=prod', '--api-endpoint', 'https://api.eu.example.com:6443'];
    first = await agents.start('prod-eu', ...FAST, ...eu);
    second = await agents.start('prod-us', ...FAST, '--join', first.gossip, '--api-endpoint', 'http://us.example.com');
    await first.waitFor(allHealthy('prod-eu', 'prod-us'), 10_000, 'both');
  });

  afterAll(async () => agents.dispose());

  test('info tells how the node and its mesh are', async () => {
    const [text, json, yaml] = await Promise.all([
      at(first, 'info'),
      at(first, 'info', '-o', 'json'),
      at(first, 'info', '-o', 'yaml'),
    ]);
    expect(text).toMatchObject({ code: 0, stderr: '' });
    expect(text.stdout).toMatch(/^node +prod-eu\nmesh +test-[0-9a-f-]+\nready +yes\nmembers +2: 2 healthy\n/);
    expect(JSON.parse(json.stdout)).toMatchObject({
      id: 'prod-eu',
      gossipAddress: first.gossip,
      httpAddress: first.http,
      readiness: { status: 'ready' },
    });
    expect(parse(yaml.stdout)).toMatchObject({ id: 'prod-eu', members: { total: 2 } });
  });

  test('label lists, sets and unsets what the others then see', async () => {
    expect(await at(second, 'label', 'list')).toEqual(done(''));
    expect(await at(second, 'label', 'set', 'tier=edge', 'a=1')).toEqual(done('a=1\ntier=edge\n'));
    expect(await at(first, 'wait', '--for', 'members=1', '-l', 'tier=edge,a=1', '--timeout', '5s')).toMatchObject({
      stderr: '',
      code: 0,
    });
    const unset = await at(second, 'label', 'unset', 'a', 'nope');
    expect(unset).toMatchObject({ code: 0, stdout: 'tier=edge\n', stderr: 'there is no label nope\n' });
    const listed = await at(second, 'label', 'list', '-o', 'json');
    expect(JSON.parse(listed.stdout)).toEqual({ tier: 'edge' });
    const wrong = await at(second, 'label', 'set', 'x', 'b c=d');
    expect(wrong).toMatchObject({ code: 2, stdout: '' });
    expect(wrong.stderr.match(/^label ".*": /gm)).toHaveLength(2);
  });

  test('events tells what was noticed, and goes on to tell', async () => {
    const { stdout } = await at(first, 'events');
    expect(stdout).toMatch(/^\d{4}-\d\d-\d\d \d\d:\d\d:\d\d prod-eu joined\n/);
    const newest = await at(first, 'events', '-n', '1', '-o', 'json');
    expect(newest.stdout.match(/\n/g)).toHaveLength(1);

    const child = startMuster(['events', '-f', '-n', '0', '-o', 'json', '--http', `http://${first.http}`], {
      bound: true,
    });
    const ended = exitOf(child);
    let told = '';
    child.stdout.on('data', (text: string) => {
      told += text;
    });
    const marks: string[] = [];
    // What it noticed before the command began to follow is not told: so until it tells, there is something new to tell.
    const mark = async (): Promise<string> => {
      marks.push(`m${marks.length}`);
      await first.send('PATCH', '/api/v1alpha1/local/metadata', { labels: { mark: marks.at(-1) } });
      return told;
    };
    await eventually({ what: 'it tells', deadlineMs: 10_000, read: mark, until: (text) => text.includes('\n') });
    child.kill('SIGINT');
    expect(await ended).toEqual({ code: 0, signal: null });
    const [event] = told.split('\n');
    expect(JSON.parse(event ?? '')).toMatchObject({
      kind: 'changed',
      id: 'prod-eu',
      changes: [{ field: 'label', key: 'mark' }],
    });
  });

  test('wait says by its exit code whether it was so in time', async () => {
    const met = await at(first, 'wait', '--for', 'ready', '--for', 'healthy=2', '--for', 'member=prod-us');
    expect(met).toMatchObject({ code: 0, stderr: '' });
    expect(met.stdout).toMatch(/^met after \d\.\ds: ready, healthy=2, member=prod-us\n$/);
    const unmet = await at(first, 'wait', '--for', 'members=3', '--for', 'ready', '--timeout', '300ms');
    expect(unmet).toMatchObject({ code: 3, stdout: '' });
    expect(unmet.stderr).toBe(
      'muster wait: not within 300ms: members=3; seen last: 2 members: prod-eu HEALTHY, prod-us HEALTHY\n',
    );
    const refused = await at(first, 'wait', '--for', 'members=3', '-l', 'a==(');
    expect(refused).toMatchObject({ code: 1, stderr: expect.stringMatching(/^muster wait: labelSelector: .*\n$/) });
  });

  test('join, leave and forget change the mesh', async () => {
    const loner = await agents.start('loner', ...FAST);
    expect(await at(loner, 'join', first.gossip)).toEqual(done(`trying ${first.gossip}\n`));
    expect(await at(loner, 'wait', '--for', 'healthy=3', '--timeout', '10s')).toMatchObject({ code: 0 });
    expect(await at(loner, 'join', 'nonsense')).toMatchObject({ code: 2, stderr: expect.stringContaining('nonsense') });

    expect(await at(first, 'forget', 'loner')).toMatchObject({
      code: 1,
      stderr: expect.stringMatching(/^muster forget: Only a member that is dead.*\n$/),
    });
    expect(await at(first, 'forget', 'nobody')).toMatchObject({
      code: 1,
      stderr: 'muster forget: No member has this id.\n',
    });

    const unasked = await at(loner, 'leave');
    expect(unasked).toMatchObject({ code: 1, stdout: '' });
    expect(unasked.stderr).toMatch(/^muster leave: loner would leave the mesh .* say --yes, .*\n$/);
    const refused = await onTerminal(['leave', '--http', `http://${loner.http}`], { answer: 'n\n' });
    expect(refused).toMatchObject({ code: 1, screen: expect.stringContaining('loner has not left') });
    expect(await at(loner, 'wait', '--for', 'ready', '--timeout', '0s')).toMatchObject({ code: 0 });

    const left = await at(loner, 'leave', '--yes');
    expect(left.stdout).toMatch(/^loner has left the mesh test-\S+; 2 peers have heard its goodbye\n$/);
    const waiting = await at(first, 'wait', '--for', 'member=loner', '--state', 'DEAD', '--timeout', '5s');
    expect(waiting).toMatchObject({ code: 0, stderr: '' });
    expect(await at(first, 'forget', 'loner')).toEqual(done('loner is forgotten\n'));
    expect(await at(first, 'members', '-o', 'name')).toEqual(done('prod-eu\nprod-us\n'));
    loner.kill('SIGKILL');
    await loner.exited;
  });

  test('kubeconfig is printed, merged, and asks before it replaces', async () => {
    const printed = await at(first, 'kubeconfig', '-l', 'env=prod');
    expect(printed).toMatchObject({ code: 0, stderr: '' });
    expect(parse(printed.stdout)).toMatchObject({
      clusters: [{ name: 'prod-eu', cluster: { server: 'https://api.eu.example.com:6443' } }],
      contexts: [{ name: 'prod-eu', context: { cluster: 'prod-eu' } }],
      users: [],
    });
    expect(await at(first, 'kubeconfig', '-l', 'env=none')).toMatchObject({ code: 3, stdout: '' });

    const file = join(await agents.directory(), 'config');
    const mine = '# mine\nclusters:\n- name: prod-eu\n  cluster:\n    server: https://old.example.com\n';
    await writeFile(file, mine);
    const merge = ['kubeconfig', '--merge', '--file', file];
    const unasked = await at(first, ...merge);
    expect(unasked).toMatchObject({ code: 1, stdout: '' });
    expect(unasked.stderr).toMatch(/cluster prod-eu: https:\/\/old.* -> https:\/\/api\.eu.*\n.*--yes.*\n$/);
    const terminal = [...merge, '--http', `http://${first.http}`];
    expect(await onTerminal(terminal, { answer: 'n\n' })).toMatchObject({ code: 1 });
    expect(await onTerminal(terminal, { answer: '\u0003' })).toMatchObject({ code: 1 });
    expect(await readFile(file, 'utf8')).toBe(mine);
    expect(await onTerminal(terminal, { answer: 'y\n' })).toMatchObject({
      code: 0,
      screen: expect.stringContaining('1 added, 1 replaced, 0 unchanged'),
    });
    const merged = await readFile(file, 'utf8');
    expect(merged).toMatch(/^# mine\n/);
    expect(await at(first, ...merge)).toEqual(done(`${file}: 0 added, 0 replaced, 2 unchanged\n`));
    expect(await at(first, 'kubeconfig', '--file', file)).toMatchObject({ code: 1 });
    expect(await readFile(file, 'utf8')).toBe(merged);

    await writeFile(file, 'clusters: [');
    const damaged = await at(first, ...merge, '--yes');
    expect(damaged).toMatchObject({
      code: 1,
      stderr: expect.stringMatching(/ is no YAML: .*; it is left as it is\n$/),
    });
    expect(await readFile(file, 'utf8')).toBe('clusters: [');
  });
});

describe('the commands at a node that must know who asks', () => {
  test('send the token of MUSTER_TOKEN, and say what the node says without it', async (context) => {
    const agents = agentsOf(context);
    const tokens = join(await agents.directory(), 'tokens');
    await writeFile(tokens, 'read 3kX0oWm9yqVfZ2bq7uG1hQ\n');
    const { http } = await agents.start('guarded', '--http-token-file', tokens);
    const env = { MUSTER_HTTP: `http://${http}` };
    const nobody = await runMuster(['info'], { env });
    expect(nobody).toMatchObject({ code: 1, stdout: '' });
    expect(nobody.stderr).toMatch(/^muster info: http:\S+ answers 401 Unauthorized: .*\n$/);
    const reader = { ...env, MUSTER_TOKEN: '3kX0oWm9yqVfZ2bq7uG1hQ' };
    expect(await runMuster(['info'], { env: reader })).toMatchObject({ code: 0, stderr: '' });
    const forbidden = await runMuster(['label', 'set', 'a=b'], { env: reader });
    expect(forbidden).toMatchObject({ code: 1, stderr: expect.stringMatching(/ answers 403 Forbidden: .*\n$/) });
  });
});

describe('the commands without a node', () => {
  const FAILING: readonly (readonly string[])[] = [
    ['info'],
    ['events'],
    ['label', 'list'],
    ['label', 'set', 'a=b'],
    ['label', 'unset', 'a'],
    ['join', '127.0.0.1:1'],
    ['leave', '--yes'],
    ['forget', 'a'],
    ['kubeconfig'],
  ];

  test('say in one line that nobody is there', async () => {
    const [port] = await reservePorts(1);
    const http = `http://127.0.0.1:${port}`;
    const ends = FAILING.map(async (command) => runMuster([...command, '--http', http]));
    for (const [at, { code, stdout, stderr }] of (await Promise.all(ends)).entries()) {
      expect({ code, stdout }, FAILING[at]?.join(' ')).toEqual({ code: 1, stdout: '' });
      expect(stderr).toMatch(/^muster [a-z ]+: http:\S+ can not be reached: connection refused\n$/);
    }
  });

  test('wait for it: wait in vain, and events --follow until it is there', async (context) => {
    const [port] = await reservePorts(1);
    const http = `http://127.0.0.1:${port}`;
    const inVain = await runMuster(['wait', '--for', 'ready', '--timeout', '300ms', '--http', http]);
    expect(inVain).toMatchObject({ code: 1, stdout: '' });
    expect(inVain.stderr).toMatch(/not within 300ms: ready; seen last: .* connection refused\n$/);

    const child = startMuster(['events', '--follow', '--http', http], { bound: true });
    context.onTestFinished(() => void child.kill('SIGKILL'));
    const ended = exitOf(child);
    let [stdout, stderr] = ['', ''];
    child.stdout.on('data', (text: string) => {
      stdout += text;
    });
    child.stderr.on('data', (text: string) => {
      stderr += text;
    });
    await says(() => stderr, /connection refused\n$/);
    const agents = agentsOf(context);
    const lived = await agents.start('node', '--http-bind', `127.0.0.1:${port}`);
    await says(() => stdout, /^\S+ \S+ node joined\n$/);
    expect(stderr).toMatch(/ is back\n$/);
    lived.kill('SIGKILL');
    await lived.exited;
    await agents.start('node', '--http-bind', `127.0.0.1:${port}`);
    await says(() => stdout, /^\S+ \S+ node joined\n\S+ \S+ node joined\n$/);
    child.kill('SIGTERM');
    expect(await ended).toEqual({ code: 0, signal: null });
  });
});
