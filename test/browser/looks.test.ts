import { statSync } from 'node:fs';
import { basename } from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { TestBrowser } from '../helpers/browser.ts';
import { standing } from '../unit/http/fixture.ts';
import { Stage } from './stage.ts';

const LIST = '/api/v1alpha1/memberlist';

let browser: TestBrowser;
let stage: Stage;

beforeAll(async () => {
  [browser, stage] = await Promise.all([TestBrowser.start(), Stage.start()]);
});

afterEach(async () => {
  await browser.closePages();
  stage.reset();
});

afterAll(async () => Promise.all([browser.close(), stage.close()]));

describe('the list', () => {
  test.each([
    [375, 812, 'light'],
    [800, 1_000, 'light'],
    [1_280, 800, 'dark'],
    [1_920, 1_080, 'light'],
    [1_920, 1_080, 'dark'],
  ] as const)('is right at %i × %i, %s', async (width, height, scheme) => {
    stage.show(12);
    const page = await browser.open(stage.url(LIST), { width, height, scheme });
    await page.live();
    await page.keep(`list-${width}-${scheme}`);
    expect(await page.tooWide()).toEqual([]);
    expect(await page.findings()).toEqual([]);
    expect(page.complaints).toEqual([]);
    expect(await page.members()).toHaveLength(12);
  });

  test.each([5, 60, 200])('has a picture for %i members', async (size) => {
    stage.show(size);
    const page = await browser.open(stage.url(LIST));
    await page.live();
    await page.keep(`picture-${size}`, false);
    expect(await page.page.locator('svg.mesh use').count()).toBe(size - 1);
    expect(page.complaints).toEqual([]);
  });

  test('is under 60 kB with twenty members, with all that a browser fetches for it', async () => {
    stage.show(20);
    const page = await browser.open('about:blank');
    const fetched: string[] = [];
    page.page.on('request', (request) => fetched.push(new URL(request.url()).pathname));
    const answer = await page.page.goto(stage.url(LIST));
    const document = (await answer?.body())?.length ?? 0;
    const assets = fetched.filter((path) => path.startsWith('/assets/')).map((path) => basename(path));
    // The program that ships serves them without their comments.
    const sizes = [...assets, 'mark.svg'].map((name) => statSync(`dist/src/http/assets/${name}`).size);
    expect(assets.length).toBeGreaterThan(6);
    expect(document + sizes.reduce((sum, size) => sum + size, 0)).toBeLessThan(60_000);
  });

  test('is printed black on white, with every member and without what only a screen can do', async () => {
    stage.show(20);
    const page = await browser.open(stage.url(LIST), { scheme: 'dark', width: 794, height: 1_123 });
    await page.page.emulateMedia({ media: 'print', colorScheme: 'light' });
    await page.keep('list-print');
    expect(await page.page.locator('.find').isVisible()).toBe(false);
    expect(await page.page.locator('.copy:visible').count()).toBe(0);
    expect(await page.page.locator('tbody tr:visible').count()).toBe(20);
    expect(await page.page.evaluate('getComputedStyle(document.body).backgroundColor')).toBe('rgb(255, 255, 255)');
    expect(page.complaints).toEqual([]);
  });
});

describe('every other state', () => {
  test.each([
    ['alone', LIST, () => stage.show(1)],
    [
      'alone-waiting',
      LIST,
      () => {
        stage.show(1);
        stage.port.stands = standing({ waitingFor: ['dns://muster.example.com:7946'], firstRoundTried: false });
      },
    ],
    [
      'isolated',
      LIST,
      () => {
        stage.show(5);
        stage.port.stands = standing({ isolated: true, duplicateAddresses: ['10.9.9.9:7946'] });
      },
    ],
    ['grouped', `${LIST}?group=env&sort=state`, () => stage.show(20)],
    ['narrowed', `${LIST}?q=example&labelSelector=env%3Dprod&peerState=HEALTHY`, () => stage.show(20)],
    ['nobody-found', `${LIST}?q=nobody`, () => stage.show(5)],
    ['member', '/members/prod-us-east', () => stage.show(5)],
    ['member-left', '/members/prod-me-dubai', () => stage.show(20)],
    ['changes', '/api/v1alpha1/events', () => stage.show(5)],
  ] as const)('%s', async (name, path, arrange) => {
    arrange();
    for (const scheme of ['light', 'dark'] as const) {
      const page = await browser.open(stage.url(path), { scheme, width: scheme === 'light' ? 1_280 : 375 });
      await page.keep(`${name}-${scheme}`);
      expect(await page.tooWide()).toEqual([]);
      expect(await page.findings()).toEqual([]);
      expect(page.complaints).toEqual([]);
    }
  });

  test.each([
    ['bad-selector', `${LIST}?labelSelector=%3Dprod`],
    ['no-such-member', '/members/nobody'],
    ['no-such-page', '/nowhere'],
  ])('error: %s', async (name, path) => {
    const page = await browser.open(stage.url(path));
    await page.keep(`error-${name}`);
    expect(await page.tooWide()).toEqual([]);
    expect(await page.findings()).toEqual([]);
    // The browser itself tells the console of an answer that is no success.
    expect(page.complaints.filter((complaint) => !/status of 40[04]/.test(complaint))).toEqual([]);
    await page.page.getByRole('link', { name: 'all clusters' }).click();
    await page.page.getByRole('heading', { level: 1, name: 'cluster' }).waitFor();
  });
});
