import { afterAll, afterEach, beforeAll, expect, test } from 'vitest';
import { allHealthy } from '../helpers/agent-process.ts';
import { agentsOf } from '../helpers/agents.ts';
import { TestBrowser } from '../helpers/browser.ts';

/** A mesh that notices a death within two seconds. */
const BRISK = ['--gossip-interval', '100ms', '--dead-retention', '60s'];
const NOTICED_MS = 15_000;

let browser: TestBrowser;

beforeAll(async () => {
  browser = await TestBrowser.start();
});

afterEach(async () => browser.closePages());

afterAll(async () => browser.close());

/** The flags of a cluster with an endpoint and a place. */
const flags = (id: string): readonly string[] => [
  ...BRISK,
  '--api-endpoint',
  `https://api.${id}.example.com:6443`,
  '--label',
  `region=${id}`,
];

/** An expression: what is shown of a member. */
const stateOf = (id: string): string => `document.querySelector('[data-key="${id}"] .state')?.textContent`;

test('the page of a real node is whole, and follows a mesh in which one is killed and comes back', async (context) => {
  const agents = agentsOf(context);
  const first = await agents.start('prod-eu', ...flags('prod-eu'));
  const join = ['--join', first.gossip];
  const [second, third] = await Promise.all([
    agents.start('prod-us', ...flags('prod-us'), ...join),
    agents.start('prod-ap', ...flags('prod-ap'), ...join),
  ]);
  await Promise.all(
    [first, second, third].map(async (one) =>
      one.waitFor(allHealthy('prod-ap', 'prod-eu', 'prod-us'), NOTICED_MS, 'the mesh'),
    ),
  );

  const page = await browser.open(`http://${first.http}/`);
  await page.live();
  expect(await page.members()).toEqual(['prod-ap', 'prod-eu', 'prod-us']);
  expect(await page.page.locator('h1').textContent()).toBe('All 3 clusters are healthy.');
  await page.page.evaluate('window.sameDocument = true');

  third.kill('SIGKILL');
  await page.until(`${stateOf('prod-ap')} === 'Suspected'`, NOTICED_MS);
  await page.until(`${stateOf('prod-ap')} === 'Dead'`, NOTICED_MS);
  await page.until(`document.querySelector('h1').textContent === '2 of 3 clusters are healthy.'`);
  await page.until(`document.getElementById('spoken').textContent.includes('prod-ap was declared dead')`);
  await page.keep('killed', false);

  await agents.start('prod-ap', ...flags('prod-ap'), '--label', 'env=new', '--gossip-bind', third.gossip, ...join);
  await page.until(`${stateOf('prod-ap')} === 'Healthy'`, NOTICED_MS);
  await page.until(`document.querySelector('h1').textContent === 'All 3 clusters are healthy.'`);
  expect(await page.page.evaluate('window.sameDocument')).toBe(true);

  await page.page.locator('#summary').getByRole('link', { name: 'prod-ap' }).first().click();
  const history = await page.page.locator('#history .told').allTextContents();
  expect(history.map((line) => line.replace('prod-ap ', ''))).toEqual([
    'came back',
    'was declared dead',
    'stopped answering',
    'joined',
  ]);
  expect(await page.page.locator('#history .change').first().textContent()).toBe('label env: new');
  await page.keep('killed-and-back');
  expect(page.complaints).toEqual([]);
});

test('the page says when its node is gone, and goes on by itself when the node is back', async (context) => {
  const agents = agentsOf(context);
  const [node, other] = await agents.startPair(['a', 'b'], ...BRISK);
  const page = await browser.open(`http://${node.http}/`);
  await page.live();
  await page.page.evaluate('window.sameDocument = true');

  node.kill('SIGKILL');
  await node.exited;
  await page.page.locator('[data-pulse="lost"]').waitFor();
  expect(await page.page.locator('#pulse').textContent()).toContain('Not connected, trying again.');
  await page.keep('lost', false);
  expect(await page.members()).toEqual(['a', 'b']);

  const place = ['--http-bind', node.http, '--gossip-bind', node.gossip, '--join', other.gossip];
  await agents.start('a', ...BRISK, ...place, '--label', 'life=second');
  await page.live();
  await page.until(`document.querySelector('[data-key="a"] .chip')?.textContent === 'life=second'`);
  await page.until(`${stateOf('b')} === 'Healthy'`);
  expect(await page.page.evaluate('window.sameDocument')).toBe(true);
  // The browser itself tells the console of connections that fail.
  expect(page.complaints.filter((complaint) => !/net::ERR_/.test(complaint))).toEqual([]);
});

test('a node that is alone says how to bring others in', async (context) => {
  const agent = await agentsOf(context).start('lone');
  const page = await browser.open(`http://${agent.http}/`);
  await page.live();
  expect(await page.page.locator('.first-steps code').textContent()).toContain(`muster agent --join ${agent.gossip} `);
  expect(page.complaints).toEqual([]);
});
