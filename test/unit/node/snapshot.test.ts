import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { nodeId, type Version } from '../../../src/base/brands.ts';
import { readSnapshot, writeSnapshot } from '../../../src/node/snapshot.ts';

const NOW = new Date('2026-11-21T12:00:00Z');
const CONFIGURED = { apiEndpoint: '', apiPort: 443, labels: {} };
const TOLD = { apiEndpoint: 'https://api.example.com', apiPort: 8443, labels: { env: 'prod' } };
const SNAPSHOT = {
  mesh: 'fleet',
  nodeId: nodeId('a'),
  version: 7 as Version,
  peers: ['10.0.0.1:7946'],
  metadata: { configured: CONFIGURED, told: TOLD },
};

let directory = '';
beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'muster-snapshot-'));
});
afterEach(() => rmSync(directory, { recursive: true }));

const read = async (self = 'a') => readSnapshot(directory, 'fleet', nodeId(self), NOW);

it('remembers what was told, for the same node', async () => {
  await writeSnapshot(directory, SNAPSHOT);
  expect(await read()).toEqual({ kind: 'found', snapshot: SNAPSHOT });
});

it('gives another node the peers alone', async () => {
  await writeSnapshot(directory, SNAPSHOT);
  const { mesh, peers } = SNAPSHOT;
  expect(await read('b')).toEqual({ kind: 'found', snapshot: { mesh, nodeId: 'b', version: 0, peers } });
});

it.each([
  { ...TOLD, apiEndpoint: 'https://me:secret@api.example.com' },
  { ...TOLD, apiPort: 0 },
  { ...TOLD, labels: { '-': 'x' } },
])('is damaged when it holds %j', async (told) => {
  await writeSnapshot(directory, SNAPSHOT);
  const file = join(directory, 'snapshot.json');
  const content = JSON.parse(readFileSync(file, 'utf8')) as object;
  writeFileSync(file, JSON.stringify({ ...content, metadata: { configured: CONFIGURED, told } }));
  expect(await read()).toMatchObject({ kind: 'unusable', code: 'SNAPSHOT_DAMAGED' });
  expect(readdirSync(directory)).toEqual([expect.stringMatching(/^snapshot\.json\.damaged-/)]);
});
