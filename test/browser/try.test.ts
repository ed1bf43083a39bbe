import { afterAll, beforeAll, expect, test } from 'vitest';
import { TestBrowser } from '../helpers/browser.ts';
import { member } from '../unit/http/fixture.ts';
import { Stage } from './stage.ts';

let browser: TestBrowser;
let stage: Stage;

beforeAll(async () => {
  [browser, stage] = await Promise.all([TestBrowser.start(), Stage.start()]);
});

afterAll(async () => Promise.all([browser.close(), stage.close()]));

/** Opens the page and gives the part of one operation: its form and its answer. */
async function operation(name: string) {
  const page = await browser.open(stage.url('/api/v1alpha1/try'));
  const section = page.page.locator('section').filter({ has: page.page.getByText(name, { exact: true }) });
  const send = async () => section.getByRole('button', { name: 'Send' }).click();
  return { page, section, send, answer: section.locator('pre') };
}

test('a patch is sent as its document says, and its answer shown', async () => {
  const { page, section, send, answer } = await operation('PATCH /api/v1alpha1/local/metadata');
  await section.getByLabel('Body').fill('{"labels": {"env": 1}}');
  await send();
  await answer.getByText('"INVALID_INPUT"').waitFor();
  await section.getByLabel('Body').fill('{"labels": {"env": "prod"}}');
  await send();
  await answer.getByText('"peerState": "HEALTHY"').waitFor();
  // The browser itself complains of every answer that is an error.
  expect(page.complaints).toEqual([expect.stringContaining('400')]);
});

test('a watch is shown as it goes on, until the next request', async () => {
  const { page, section, send, answer } = await operation('GET /api/v1alpha1/memberlist');
  await section.getByLabel('watch').fill('true');
  await send();
  await answer.getByText('event: SYNCED').waitFor();
  stage.port.put(member('newcomer'));
  await answer.getByText('"id":"newcomer"').waitFor();
  await section.getByLabel('watch').fill('');
  await send();
  await answer.getByText('"id": "newcomer"').waitFor();
  expect(await answer.textContent()).not.toContain('event:');
  expect(page.complaints).toEqual([]);
});
