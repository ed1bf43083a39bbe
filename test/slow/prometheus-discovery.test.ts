import { type ChildProcess, spawn } from 'node:child_process';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { allHealthy } from '../helpers/agent-process.ts';
import { agentsOf } from '../helpers/agents.ts';
import { eventually } from '../helpers/eventually.ts';
import { reservePorts } from '../helpers/ports.ts';
import { exitOf } from '../helpers/program.ts';

interface Target {
  readonly health: string;
  readonly discoveredLabels: Readonly<Record<string, string>>;
  readonly labels: Readonly<Record<string, string>>;
}

/** A Prometheus that finds its targets in an agent, and only those in production. */
function configuration(agent: string): string {
  return `
global: { scrape_interval: 1s, scrape_timeout: 1s }
scrape_configs:
  - job_name: muster
    http_sd_configs:
      - url: http://${agent}/api/v1alpha1/sd/prometheus?labelSelector=env%3Dprod
        refresh_interval: 1s
    relabel_configs:
      - { source_labels: [__meta_muster_scheme], target_label: __scheme__ }
      - { source_labels: [__meta_muster_id], target_label: cluster }
      - { source_labels: [__meta_muster_label_topology_kubernetes_io_region], target_label: region }
`;
}

/** Starts the system's Prometheus on loopback. A machine without one fails the test: it must not pass for not being run. */
function startPrometheus(directory: string, listen: string): ChildProcess {
  const child = spawn(
    'prometheus',
    [
      `--config.file=${join(directory, 'prometheus.yml')}`,
      `--storage.tsdb.path=${directory}`,
      `--web.listen-address=${listen}`,
    ],
    { stdio: 'ignore' },
  );
  child.once('error', () => undefined);
  return child;
}

test('a real Prometheus finds the members by their labels and scrapes them', async (context) => {
  const agents = agentsOf(context);
  const ports = await reservePorts(4);
  const [listen = '', ...https] = ports.map((port) => `127.0.0.1:${port}`);
  const member = async (id: string, http: string, env: string, ...join: readonly string[]) => {
    const labels = ['--label', `env=${env}`, '--label', 'topology.kubernetes.io/region=eu'];
    return agents.start(id, '--http-bind', http, '--api-endpoint', `http://${http}`, ...labels, ...join);
  };
  const [first, second, third] = [https[0] ?? '', https[1] ?? '', https[2] ?? ''];
  const a = await member('a', first, 'prod');
  await member('b', second, 'prod', '--join', a.gossip);
  await member('c', third, 'dev', '--join', a.gossip);
  await a.waitFor(allHealthy('a', 'b', 'c'), 15_000, 'the three');

  const directory = await agents.directory();
  await writeFile(join(directory, 'prometheus.yml'), configuration(a.http));
  const prometheus = startPrometheus(directory, listen);
  const ended = exitOf(prometheus as Parameters<typeof exitOf>[0]);
  onTestFinished(async () => {
    prometheus.kill('SIGTERM');
    await ended.catch(() => undefined);
  });

  const query = async <Data>(path: string): Promise<Data> => {
    const answer = await fetch(`http://${listen}${path}`, { signal: AbortSignal.timeout(3_000) });
    return ((await answer.json()) as { data: Data }).data;
  };
  await eventually({
    what: 'the two members in production are up',
    deadlineMs: 60_000,
    read: async () => (await query<{ activeTargets: Target[] }>('/api/v1/targets?state=active')).activeTargets,
    until: (targets) => targets.length === 2 && targets.every(({ health }) => health === 'up'),
  });
  const up = await query<{ result: { metric: Record<string, string> }[] }>('/api/v1/query?query=muster_build_info');
  const seen = up.result.map(({ metric }) => `${metric['cluster']} ${metric['instance']} ${metric['region']}`);
  expect(new Set(seen)).toEqual(new Set([`a ${first} eu`, `b ${second} eu`]));
});
