import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { parse } from 'yaml';
import packageJson from '../../package.json' with { type: 'json' };
import { agentsOf } from '../helpers/agents.ts';
import { runMuster } from '../helpers/program.ts';

describe.concurrent('muster agent', () => {
  test('names every mistake in a line of its own and exits 2', async () => {
    const mistakes = [
      '--gossip-factor',
      '0',
      '--label',
      'bad label',
      '--dead-threshold',
      '3',
      '--http-bind',
      'nonsense',
    ];
    const { code, stdout, stderr } = await runMuster(['agent', ...mistakes]);
    expect(code).toBe(2);
    expect(stdout).toBe('');
    const lines = stderr.trimEnd().split('\n');
    expect(lines).toHaveLength(4);
    for (const [flag, given, wanted] of [
      ['--gossip-factor', '"0"', 'from 1 to 100'],
      ['--label', '"bad label"', 'KEY=VALUE'],
      ['--dead-threshold', '3', 'greater than'],
      ['--http-bind', '"nonsense"', 'HOST:PORT'],
    ] as const) {
      const line = lines.find((text) => text.startsWith(`${flag}: `));
      expect(line).toContain(given);
      expect(line).toContain(wanted);
    }
  });

  test('refuses a flag that it does not know', async () => {
    const { code, stdout, stderr } = await runMuster(['agent', '--gosip-factor', '3']);
    expect(code).toBe(2);
    expect(stdout).toBe('');
    expect(stderr).toContain("unknown option '--gosip-factor'");
    expect(stderr).not.toContain('    at ');
  });

  test('refuses a variable that it does not know', async () => {
    const { code, stderr } = await runMuster(['agent'], { env: { MUSTER_GOSIP_FACTOR: '3' } });
    expect(code).toBe(2);
    expect(stderr).toBe('MUSTER_GOSIP_FACTOR: is not a variable of Muster; did you mean MUSTER_GOSSIP_FACTOR?\n');
  });

  test('prints a configuration that makes the same configuration again', async (context) => {
    const file = join(await agentsOf(context).directory(), 'muster.yaml');
    const flags = ['--node-id', 'n-1', '--label', 'env=prod,tier=web', '--join', 'a:7946,dns://b.example:1'];
    const env = { MUSTER_GOSSIP_INTERVAL: '250ms', MUSTER_API_ENDPOINT: 'https://api.example.com:6443' };
    const printed = await runMuster(['agent', '--print-config', ...flags], { env });
    expect(printed).toMatchObject({ code: 0, stderr: '' });
    expect(parse(printed.stdout)).toMatchObject({
      nodeId: 'n-1',
      gossip: { interval: '250ms', bootstrapPeers: ['a:7946', 'dns://b.example:1'] },
      cluster: { apiEndpoint: 'https://api.example.com:6443', labels: { env: 'prod', tier: 'web' } },
    });
    await writeFile(file, printed.stdout);
    const again = await runMuster(['agent', '--print-config', '--config', file]);
    expect(again).toMatchObject({ code: 0, stderr: '' });
    expect(parse(again.stdout)).toStrictEqual(parse(printed.stdout));
  });

  test.for(['--gossip-bind', '--http-bind'])(
    'says in one line that the address of %s is taken',
    async (flag, context) => {
      const agents = agentsOf(context);
      const holder = await agents.start('holder');
      const taken = flag === '--gossip-bind' ? holder.gossip : holder.http;
      const free = flag === '--gossip-bind' ? '--http-bind' : '--gossip-bind';
      const { code, stderr, stdout } = await runMuster(['agent', flag, taken, free, '127.0.0.1:0']);
      expect(code).toBe(1);
      expect(stderr).toMatch(/^muster agent: .*\n$/);
      expect(stderr).toContain(taken);
      expect(`${stdout}${stderr}`).not.toContain('    at ');
    },
  );

  test('warns about a missing --api-endpoint, and only then', async (context) => {
    const agents = agentsOf(context);
    const without = agents.launch('without');
    const given = agents.launch('given', '--api-endpoint', 'https://api.example.com');
    await Promise.all([without.ready(), given.ready()]);
    expect(without.logged('NO_API_ENDPOINT')).toMatchObject([
      { level: 'warn', msg: expect.stringContaining('--api-endpoint') },
    ]);
    expect(given.log.filter(({ level }) => level !== 'info')).toStrictEqual([]);
  });

  test('says once that it is ready, with its addresses as bound', async (context) => {
    const agents = agentsOf(context);
    const agent = await agents.start('node', '--api-endpoint', 'https://api.example.com');
    expect(agent.logged('READY')).toMatchObject([{ level: 'info', nodeId: 'node', mesh: agents.mesh }]);
    for (const address of [agent.gossip, agent.http]) expect(address).toMatch(/^127\.0\.0\.1:[1-9]\d{3,4}$/);
  });

  test.for(['SIGTERM', 'SIGINT'] as const)('exits with 0 on %s', async (signal, context) => {
    const agent = await agentsOf(context).start('node');
    agent.kill(signal);
    expect(await agent.exited).toStrictEqual({ code: 0, signal: null });
    expect(agent.logged('STOPPING')).toMatchObject([{ signal }]);
  });
});

describe.concurrent('muster', () => {
  test('tells its version and that of Node.js', async () => {
    const { code, stdout, stderr } = await runMuster(['version']);
    expect({ code, stdout, stderr }).toStrictEqual({
      code: 0,
      stdout: `muster ${packageJson.version} (node ${process.version})\n`,
      stderr: '',
    });
  });

  test('explains every flag of the agent', async () => {
    const { code, stdout } = await runMuster(['agent', '--help']);
    expect(code).toBe(0);
    for (const flag of ['--join', '--gossip-bind', '--dead-retention', '--data-dir', '--print-config', '--config']) {
      expect(stdout).toContain(`${flag} `);
    }
  });

  test('refuses a command that it does not know', async () => {
    const { code, stderr } = await runMuster(['agnet']);
    expect(code).toBe(2);
    expect(stderr).toContain("unknown command 'agnet'");
  });
});
