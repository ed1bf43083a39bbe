import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { type Look, TestBrowser, type TestPage } from '../helpers/browser.ts';
import { MEMBERLIST, member } from '../unit/http/fixture.ts';
import { READ_TOKEN, setUpSecured } from '../unit/http/secured.ts';

const LOOKS: readonly Look[] = [
  { width: 1_280, scheme: 'light' },
  { width: 375, scheme: 'dark' },
];

let browser: TestBrowser;
let origin = '';
let made: ReturnType<typeof setUpSecured>;

beforeAll(async () => {
  made = setUpSecured();
  made.port.list = [member('prod-eu', { isLocal: true }), member('prod-us')];
  [browser, origin] = await Promise.all([TestBrowser.start(), made.app.listen({ port: 0, host: '127.0.0.1' })]);
});

afterEach(async () => browser.closePages());

afterAll(async () => {
  await browser.close();
  made.app.server.closeAllConnections();
  await made.app.close();
});

/** What is wrong with a page as it is shown. The browser itself tells the console of an answer that is no success. */
async function faults(page: TestPage): Promise<string[]> {
  const complaints = page.complaints.filter((complaint) => !complaint.includes('status of 401'));
  return [...(await page.tooWide()), ...(await page.findings()), ...complaints];
}

async function logIn({ page }: TestPage): Promise<void> {
  await page.getByLabel('Token').fill(READ_TOKEN);
  await page.getByRole('button', { name: 'Log in' }).click();
  await page.getByRole('heading', { level: 1, name: 'cluster' }).waitFor();
}

describe('where people must log in', () => {
  test.each(LOOKS)('they are asked for a token, come to the list and can log out, at $width, $scheme', async (look) => {
    const page = await browser.open(`${origin}${MEMBERLIST}`, look);
    await page.keep(`login-${look.scheme}`);
    expect(await faults(page)).toEqual([]);
    await logIn(page);
    await page.live();
    await page.keep(`logged-in-${look.scheme}`);
    expect(await page.members()).toEqual(['prod-eu', 'prod-us']);
    expect(await faults(page)).toEqual([]);
    await page.page.getByRole('button', { name: 'Log out' }).click();
    await page.page.getByRole('heading', { level: 1, name: 'Log in' }).waitFor();
    await page.page.goto(`${origin}/members/prod-us`);
    expect(await page.page.getByLabel('Token').isVisible()).toBe(true);
  });

  test('a page that follows the node asks for a token when its session is over', async () => {
    const page = await browser.open(`${origin}${MEMBERLIST}`);
    await logIn(page);
    await page.live();
    await page.page.context().clearCookies();
    made.port.put(member('prod-za'));
    await page.page.getByLabel('Token').waitFor();
  });
});

describe('the page to try the API', () => {
  test.each(LOOKS)('sends requests and shows the answers, at $width, $scheme', async (look) => {
    const page = await browser.open(`${origin}/api/v1alpha1/try`, look);
    const operation = page.page.locator('section', { hasText: 'GET /livez' });
    await operation.getByRole('button', { name: 'Send' }).click();
    await operation.getByText('"status": "ok"').waitFor();
    await page.keep(`try-${look.scheme}`);
    expect(await faults(page)).toEqual([]);
  });
});
