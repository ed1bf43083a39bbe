import { demoClusters } from '../src/cli/demo-clusters.ts';
import type { AgentProcess } from '../test/helpers/agent-process.ts';
import { Agents } from '../test/helpers/agents.ts';
import { TestBrowser } from '../test/helpers/browser.ts';

// Makes the pictures of the documentation from a real mesh: seven agents, of which one is killed and one says goodbye.

const FOLDER = 'docs/images';
const FORMED_MS = 30_000;
const BRISK = ['--gossip-interval', '200ms', '--dead-retention', '120s'];

const agents = new Agents();
const browser = await TestBrowser.start();
try {
  const [first, ...others] = demoClusters(7);
  if (first === undefined) throw new Error('a demo has clusters');
  const seen = await start(first, 'fleet');
  const rest = await Promise.all(others.map(async (cluster) => start(cluster, 'fleet', seen.gossip)));
  await seen.waitFor((members) => members.length === 7, FORMED_MS, 'all seven are there');
  end(rest, 'prod-ap-tokyo', 'SIGKILL');
  end(rest, 'prod-af-cape', 'SIGTERM');
  const page = await browser.open(`http://${seen.http}/`, { width: 1_200, height: 760 });
  await page.live();
  await page.until(`document.querySelector('h1').textContent === '5 of 7 clusters are healthy.'`, FORMED_MS);
  await page.until(`document.querySelector('[data-changed]') === null`, FORMED_MS);
  await page.page.screenshot({ path: `${FOLDER}/memberlist.png` });
  await page.page.goto(`http://${seen.http}/members/prod-ap-tokyo`);
  await page.page.emulateMedia({ colorScheme: 'dark' });
  await page.live();
  await page.page.screenshot({ path: `${FOLDER}/member.png` });
} finally {
  await browser.close();
  await agents.dispose();
}

async function start(
  cluster: ReturnType<typeof demoClusters>[number],
  mesh: string,
  join?: string,
): Promise<AgentProcess> {
  const labels = Object.entries(cluster.labels).flatMap(([key, value]) => ['--label', `${key}=${value}`]);
  const place = ['--api-endpoint', cluster.apiEndpoint, '--api-port', String(cluster.apiPort)];
  return agents.start(
    cluster.name,
    ...BRISK,
    '--mesh',
    mesh,
    ...place,
    ...labels,
    ...(join === undefined ? [] : ['--join', join]),
  );
}

function end(those: readonly AgentProcess[], id: string, signal: 'SIGKILL' | 'SIGTERM'): void {
  those.find((agent) => agent.id === id)?.kill(signal);
}
