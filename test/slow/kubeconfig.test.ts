import { execFile } from 'node:child_process';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { expect, test } from 'vitest';
import { allHealthy } from '../helpers/agent-process.ts';
import { type Agents, agentsOf } from '../helpers/agents.ts';
import { runMuster } from '../helpers/program.ts';

const run = promisify(execFile);

/** Names that one version of YAML or another takes for a truth, a number, a time or nothing. */
const NAMES = ['prod-eu', 'yes', '08', '1e3', '12.30', 'null'];

interface View {
  readonly clusters: readonly { readonly name: string; readonly cluster: Readonly<Record<string, unknown>> }[];
  readonly contexts: readonly { readonly name: string; readonly context: Readonly<Record<string, unknown>> }[];
  readonly users: readonly { readonly name: string }[] | null;
  readonly 'current-context': string;
}

/** What the system's kubectl reads in a file. A machine without one fails the test: it must not pass for not being run. */
async function kubectlView(file: string): Promise<View> {
  const { stdout } = await run('kubectl', ['config', 'view', '--kubeconfig', file, '--raw', '-o', 'json']);
  return JSON.parse(stdout) as View;
}

/** As kubectl shows them. */
function byName<Item extends { readonly name: string }>(items: readonly Item[]): readonly Item[] {
  return items.toSorted((a, b) => (a.name < b.name ? -1 : 1));
}

const endpoint = (name: string): string[] => ['--api-endpoint', `https://${name}.example.com:6443`];

/** A mesh of clusters by these names, and one that tells no endpoint. Gives the environment for a command that asks it. */
async function meshOf(agents: Agents): Promise<Readonly<Record<string, string>>> {
  const [first = '', ...others] = NAMES;
  const seed = await agents.start(first, ...endpoint(first));
  const join = ['--join', seed.gossip];
  await Promise.all([
    ...others.map(async (name) => agents.start(name, ...join, ...endpoint(name))),
    agents.start('silent', ...join),
  ]);
  await seed.waitFor(allHealthy(...NAMES, 'silent'), 10_000, 'all');
  return { MUSTER_HTTP: `http://${seed.http}` };
}

test('kubectl reads what muster kubeconfig writes, name for name', async (context) => {
  const agents = agentsOf(context);
  const env = await meshOf(agents);
  const folder = await agents.directory();
  const sorted = NAMES.toSorted();
  const clusters = sorted.map((name) => ({ name, cluster: { server: `https://${name}.example.com:6443` } }));
  const contexts = sorted.map((name) => ({ name, context: { cluster: name, user: '' } }));

  const printed = await runMuster(['kubeconfig'], { env });
  expect(printed).toMatchObject({
    code: 0,
    stderr: 'muster kubeconfig: silent is left out: it tells no API endpoint\n',
  });
  const file = join(folder, 'printed');
  await writeFile(file, printed.stdout);
  expect(await kubectlView(file)).toMatchObject({ clusters, contexts, users: null, 'current-context': '' });

  const mine = join(folder, 'mine');
  const kubectl = async (...args: readonly string[]) => run('kubectl', ['config', '--kubeconfig', mine, ...args]);
  await kubectl('set-cluster', 'home', '--server=https://home:6443');
  await kubectl('set-credentials', 'me', '--token=secret');
  await kubectl('set-context', 'home', '--cluster=home', '--user=me');
  await kubectl('use-context', 'home');
  const before = await kubectlView(mine);
  expect(await runMuster(['kubeconfig', '--merge', '--file', mine], { env })).toMatchObject({ code: 0 });
  expect(await kubectlView(mine)).toEqual({
    ...before,
    clusters: byName([...before.clusters, ...clusters]),
    contexts: byName([...before.contexts, ...contexts]),
  });
  // And kubectl can go on with it.
  await kubectl('set-context', 'yes', '--user=me');
  const { stdout } = await kubectl('get-contexts', 'yes', '--no-headers');
  expect(stdout.trim().split(/\s+/)).toEqual(['yes', 'yes', 'me']);
});
