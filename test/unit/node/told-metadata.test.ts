import { expect, it } from 'vitest';
import { underConfiguration } from '../../../src/node/told-metadata.ts';

const CONFIGURED = { apiEndpoint: 'https://a.example', apiPort: 443, labels: { env: 'dev', tier: 'gold' } };
const TOLD = { apiEndpoint: 'https://b.example', apiPort: 8443, labels: { env: 'prod' } };
const BEFORE = { configured: CONFIGURED, told: TOLD };

it('tells what is configured when nothing is known of before', () => {
  expect(underConfiguration(CONFIGURED, undefined)).toEqual(CONFIGURED);
});

it('goes on with what was told under the same configuration', () => {
  const same = { ...CONFIGURED, labels: Object.assign(Object.create(null), { tier: 'gold', env: 'dev' }) };
  expect(underConfiguration(same, BEFORE)).toEqual(TOLD);
});

it.each([
  [{ apiEndpoint: 'https://c.example' }],
  [{ apiPort: 1 }],
  [{ labels: { env: 'dev' } }],
  [{ labels: {}, apiPort: 2 }],
])('takes %j, which is new, and leaves the rest', (changed) => {
  expect(underConfiguration({ ...CONFIGURED, ...changed }, BEFORE)).toEqual({ ...TOLD, ...changed });
});

it('tells what is configured where both together would be too long', () => {
  const labels = Object.fromEntries(
    Array.from({ length: 64 }, (_, at) => [`k${at}-${'x'.repeat(50)}`, 'v'.repeat(50)]),
  );
  const before = { configured: CONFIGURED, told: { ...CONFIGURED, labels } };
  expect(underConfiguration({ ...CONFIGURED, apiPort: 1 }, before).labels).toEqual(labels);
  const configured = { ...CONFIGURED, apiEndpoint: `https://a.example/${'x'.repeat(2_000)}` };
  expect(underConfiguration(configured, before)).toEqual(configured);
});
