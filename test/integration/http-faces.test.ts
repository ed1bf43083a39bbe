import { rename, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { MEMBERLIST } from '../helpers/agent-process.ts';
import { agentsOf } from '../helpers/agents.ts';
import { eventually } from '../helpers/eventually.ts';
import { runMuster } from '../helpers/program.ts';

const LOCAL = ['--gossip-bind', '127.0.0.1:0', '--node-id', 'a'];

describe.concurrent('the faces of an agent', () => {
  test('are not open to other machines by accident', async () => {
    const { code, stderr } = await runMuster(['agent', ...LOCAL, '--http-bind', '0.0.0.0:0']);
    expect(code).toBe(2);
    expect(stderr.trim().split('\n')).toEqual([expect.stringMatching(/^--http-bind: must be a loopback address, or/)]);
  });

  test('are open when somebody says so', async (context) => {
    const agent = await agentsOf(context).start('a', '--http-bind', '0.0.0.0:0', '--http-insecure');
    const port = agent.http.split(':')[1];
    expect((await fetch(`http://127.0.0.1:${port}${MEMBERLIST}`)).status).toBe(200);
  });

  test('need files that can be used', async () => {
    const missing = await runMuster(['agent', ...LOCAL, '--http-token-file', '/nowhere/tokens']);
    expect(missing).toMatchObject({ code: 1, stderr: expect.stringMatching(/^muster agent: .*\/nowhere\/tokens/) });
    const files = ['--http-tls-cert', 'package.json', '--http-tls-key', 'package.json'];
    const wrong = await runMuster(['agent', ...LOCAL, ...files]);
    expect(wrong.code).toBe(1);
    expect(wrong.stderr.trim().split('\n')).toEqual([expect.stringContaining('can not be used with the key')]);
  });

  test('keep people logged in over a restart, by keys of a file that are read again', async (context) => {
    const agents = agentsOf(context);
    const directory = await agents.directory();
    const [tokens, keys] = [join(directory, 'tokens'), join(directory, 'keys')];
    const [old, next] = ['old-'.padEnd(44, '0'), 'new-'.padEnd(44, '0')];
    await writeFile(tokens, 'read 0123456789abcdef');
    await writeFile(keys, old);
    const flags = ['--http-token-file', tokens, '--http-session-key-file', keys];
    const first = await agents.start('a', ...flags);
    const body = new URLSearchParams({ token: '0123456789abcdef' });
    const login = await fetch(`http://${first.http}/login`, { method: 'POST', body, redirect: 'manual' });
    expect(login.status).toBe(303);
    const cookie = login.headers.getSetCookie()[0]?.split(';')[0] ?? '';
    first.kill('SIGKILL');
    await first.exited;

    const second = await agents.start('a', ...flags);
    expect((await second.get(MEMBERLIST, { cookie })).status).toBe(200);
    await writeFile(`${keys}.next`, next);
    await rename(`${keys}.next`, keys);
    await eventually({
      what: 'the old key is taken no more',
      deadlineMs: 8_000,
      read: async () => (await second.get(MEMBERLIST, { cookie })).status,
      until: (status) => status === 401,
    });
    expect(second.logged('HTTP_SESSION_KEYS_RELOADED')).toMatchObject([{ count: 1 }]);
    await writeFile(keys, 'short');
    second.kill('SIGHUP');
    await eventually({
      what: 'a wrong file is told',
      deadlineMs: 8_000,
      read: () => second.logged('HTTP_SESSION_KEYS_UNUSABLE').length,
      until: (count) => count > 0,
    });
    expect(JSON.stringify(second.log)).not.toMatch(/short"|old-0|new-0/);
  });

  test('are two when the metrics have a listener of their own', async (context) => {
    const agent = await agentsOf(context).start('a', '--metrics-bind', '127.0.0.1:0');
    const [ready] = agent.logged('READY');
    const metrics = `http://${String(ready?.['metricsAddress'])}`;
    expect(metrics).toMatch(/^http:\/\/127\.0\.0\.1:\d+$/);
    const scraped = await fetch(`${metrics}/metrics`);
    expect(scraped.headers.get('content-type')).toContain('text/plain; version=0.0.4');
    const text = await scraped.text();
    expect(text).toContain('muster_members{state="HEALTHY"} 1');
    expect(text).toMatch(/^muster_event_loop_delay_seconds_count [1-9]/m);
    expect(text).toContain('nodejs_eventloop_lag_seconds');
    for (const path of ['/livez', '/healthz', '/readyz']) expect((await fetch(metrics + path)).status).toBe(200);
    const missing = await fetch(metrics + MEMBERLIST);
    expect(missing.status).toBe(404);
    const requestId = missing.headers.get('x-request-id');
    expect(requestId).toMatch(/^[0-9a-f]{32}$/);
    expect(await missing.json()).toMatchObject({ code: 'NOT_FOUND', requestId });
    expect((await agent.get('/metrics')).status).toBe(404);
    expect((await agent.get('/livez')).status).toBe(200);
  });
});
