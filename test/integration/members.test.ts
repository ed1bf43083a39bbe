import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { parse } from 'yaml';
import { fetchMemberlist } from '../../src/cli/memberlist-client.ts';
import { AgentProcess, allHealthy } from '../helpers/agent-process.ts';
import { eventually } from '../helpers/eventually.ts';
import { withServer } from '../helpers/http-server.ts';
import { reservePorts } from '../helpers/ports.ts';
import { exitOf, runMuster, startMuster } from '../helpers/program.ts';
import { onTerminal } from '../helpers/terminal.ts';

describe('muster members at a real node', () => {
  const agents: AgentProcess[] = [];
  let url = '';

  beforeAll(async () => {
    const first = new AgentProcess('first', ['--label', 'env=prod', '--api-endpoint', 'https://api.first.example.com']);
    agents.push(first);
    await first.ready();
    const second = new AgentProcess('second', ['--join', first.gossip, '--label', 'env=dev', '--api-port', '8443']);
    agents.push(second);
    await second.ready();
    await first.waitFor(allHealthy('first', 'second'), 10_000, 'both are HEALTHY');
    url = `http://${first.http}`;
  });

  afterAll(async () => {
    for (const agent of agents) agent.kill('SIGKILL');
    await Promise.all(agents.map(async (agent) => agent.exited));
  });

  test('prints a table without colours, as nobody looks at it', async () => {
    const { code, stdout, stderr } = await runMuster(['members', '--http', url]);
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    const [head, first, second, ...rest] = stdout.split('\n');
    expect(head).toMatch(/^NAME +STATE +API ENDPOINT +LABELS +LAST SEEN$/);
    expect(first).toMatch(/^first \* +HEALTHY +https:\/\/api\.first\.example\.com +env=prod +now$/);
    expect(second).toMatch(/^second +HEALTHY +env=dev +(?:now|\ds ago)$/);
    expect(rest).toEqual(['']);
  });

  test('prints the same members in every form, and takes the address from MUSTER_HTTP', async () => {
    const env = { MUSTER_HTTP: url };
    const json = await runMuster(['members', '-o', 'json'], { env });
    const yaml = await runMuster(['members', '-o', 'yaml'], { env });
    const wide = await runMuster(['members', '-o', 'wide'], { env });
    const ids = [
      { id: 'first', isLocal: true },
      { id: 'second', state: { apiPort: 8_443 } },
    ];
    expect(JSON.parse(json.stdout)).toMatchObject(ids);
    expect(parse(yaml.stdout)).toMatchObject(ids);
    expect(wide.stdout).toMatch(
      /ADDRESS +AUTH PORT +VERSION +REACHED\n.*127\.0\.0\.1:\d+ +443 +\d{13} +-\n.* 8443 +\d{13} +direct\n$/,
    );
  });

  test('passes selector and states on', async () => {
    expect(await idsAt(url, '-l', 'env in (dev)')).toEqual(['second']);
    expect(await idsAt(url, '--state', 'DEAD', '--state', 'suspected_dead')).toEqual([]);
    expect(await idsAt(url, '--state', 'DEAD', '--state', 'HEALTHY')).toEqual(['first', 'second']);
  });

  test('sorts, prints names only, and tells by its exit code that nobody matches', async () => {
    const sorted = await runMuster(['members', '--http', url, '-o', 'name', '--sort', 'label:env', '--exit-code']);
    expect(sorted).toEqual({ code: 0, signal: null, stdout: 'second\nfirst\n', stderr: '' });
    const dead = await runMuster(['members', '--http', url, '-o', 'name', '--state', 'DEAD', '--exit-code']);
    expect(dead).toEqual({ code: 3, signal: null, stdout: '', stderr: '' });
  });

  test('is coloured on a terminal, unless NO_COLOR forbids it', async () => {
    const coloured = await onTerminal(['members', '--http', url]);
    expect(coloured).toMatchObject({ code: 0, screen: expect.stringContaining('\u001B[32mHEALTHY\u001B[0m') });
    const plain = await onTerminal(['members', '--http', url], { env: { NO_COLOR: '1' } });
    expect(plain).toMatchObject({ code: 0, screen: expect.stringContaining('HEALTHY') });
    expect(plain.screen).not.toContain('\u001B');
  });

  test('says in one line what the node says of a bad selector', async () => {
    const refused = await runMuster(['members', '--http', url, '-l', 'env==(']);
    expect(refused).toMatchObject({ code: 1, stdout: '' });
    expect(refused.stderr).toMatch(/^muster members: labelSelector: at character \d+: .*\n$/);
  });
});

describe('muster members without a node', () => {
  test('says in one line that nobody is there', async () => {
    const [port] = await reservePorts(1);
    const { code, stdout, stderr } = await runMuster(['members', '--http', `http://127.0.0.1:${port}`]);
    expect({ code, stdout }).toEqual({ code: 1, stdout: '' });
    expect(stderr).toBe(`muster members: http://127.0.0.1:${port} can not be reached: connection refused\n`);
  });

  test('exits 2 with a line for every mistake', async () => {
    const wrong = await runMuster(['members', '--http', 'nonsense', '-o', 'xml', '--state', 'FINE']);
    expect(wrong).toMatchObject({ code: 2, stdout: '' });
    expect(wrong.stderr.split('\n').map((line) => line.split(':')[0])).toEqual(['--output', '--state', '--http', '']);
  });

  test('does not wait for a node that never answers', async () => {
    await withServer(
      () => undefined,
      async (base) => {
        const fetched = await fetchMemberlist(new URL(base), { states: [] }, { timeout: 200 });
        expect(fetched).toMatchObject({ ok: false, error: { kind: 'unreachable' } });
        expect(fetched.ok ? '' : fetched.error.message).toContain('no answer within 0.2 s');
      },
    );
  });

  test('does not wait for an answer that never ends', async () => {
    await withServer(
      (_request, response) => response.write('['),
      async (base) => {
        const fetched = await fetchMemberlist(new URL(base), { states: [] }, { timeout: 200 });
        expect(fetched.ok ? '' : fetched.error.message).toContain('no answer within 0.2 s');
      },
    );
  });
});

describe('muster members --watch in a pipe', () => {
  test('tells of changes, of a node that is away and of its return, and ends with Ctrl-C', async () => {
    const [port] = await reservePorts(1);
    const bind = ['--http-bind', `127.0.0.1:${port}`];
    const watch = startMuster(['members', '--watch', '--http', `http://127.0.0.1:${port}`], { bound: true });
    const ended = exitOf(watch);
    let stdout = '';
    let stderr = '';
    watch.stdout.on('data', (text: string) => {
      stdout += text;
    });
    watch.stderr.on('data', (text: string) => {
      stderr += text;
    });
    const agents: AgentProcess[] = [];
    try {
      await says('it is away', () => stderr, /^\d\d:\d\d:\d\d http.* can not be reached: connection refused\n$/);
      const first = new AgentProcess('first', bind);
      agents.push(first);
      await first.ready();
      await says('the first member', () => stdout, /^\d\d:\d\d:\d\d first listed HEALTHY\n$/);
      await says('it is back', () => stderr, /is back\n$/);
      const second = new AgentProcess('second', ['--join', first.gossip]);
      agents.push(second);
      await says('the second member', () => stdout, /\n\S+ second listed HEALTHY\n$/);
      second.kill('SIGTERM');
      await says('it leaves', () => stdout, /\n\S+ second HEALTHY -> LEFT\n$/);
      first.kill('SIGKILL');
      await says('it is away again', () => stderr, /is back\n.*can not be reached.*\n$/);
      watch.kill('SIGINT');
      expect(await ended).toEqual({ code: 0, signal: null });
      expect(stderr.match(/can not be reached/g)).toHaveLength(2);
    } finally {
      watch.kill('SIGKILL');
      for (const agent of agents) agent.kill('SIGKILL');
      await Promise.all([ended, ...agents.map(async (agent) => agent.exited)]);
    }
  });
});

/** The ids that `muster members` prints. */
async function idsAt(url: string, ...flags: readonly string[]): Promise<readonly string[]> {
  const { stdout } = await runMuster(['members', '--http', url, '-o', 'json', ...flags]);
  return (JSON.parse(stdout) as { id: string }[]).map(({ id }) => id);
}

/** Waits until a text that grows is as wanted. */
async function says(what: string, read: () => string, until: RegExp): Promise<void> {
  await eventually({ what, deadlineMs: 15_000, read, until: (text) => until.test(text) });
}
