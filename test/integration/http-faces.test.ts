import { describe, expect, test } from 'vitest';
import { MEMBERLIST } from '../helpers/agent-process.ts';
import { agentsOf } from '../helpers/agents.ts';
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

  test('are two when the metrics have a listener of their own', async (context) => {
    const agent = await agentsOf(context).start('a', '--metrics-bind', '127.0.0.1:0');
    const [ready] = agent.logged('READY');
    const metrics = `http://${String(ready?.['metricsAddress'])}`;
    expect(metrics).toMatch(/^http:\/\/127\.0\.0\.1:\d+$/);
    const scraped = await fetch(`${metrics}/metrics`);
    expect(scraped.headers.get('content-type')).toContain('text/plain; version=0.0.4');
    const text = await scraped.text();
    expect(text).toContain('muster_members{state="HEALTHY"} 1');
    expect(text).toContain('nodejs_eventloop_lag_p99_seconds');
    for (const path of ['/livez', '/healthz', '/readyz']) expect((await fetch(metrics + path)).status).toBe(200);
    expect((await fetch(metrics + MEMBERLIST)).status).toBe(404);
    expect((await agent.get('/metrics')).status).toBe(404);
    expect((await agent.get('/livez')).status).toBe(200);
  });
});
