import { describe, expect, onTestFinished, test } from 'vitest';
import { unixMillis } from '../../src/base/brands.ts';
import { type Clock, systemClock } from '../../src/node/clock.ts';
import type { MusterNode } from '../../src/node/muster-node.ts';
import { metadataOf } from '../../src/wire/metadata.ts';
import { eventually } from '../helpers/eventually.ts';
import { localNode } from '../helpers/local-node.ts';
import { measured } from '../helpers/measured.ts';

const HOUR = 3_600_000;

/** The wall clock is off by so much; the monotonic one knows nothing of it. */
function clockOff(offset: number): Clock {
  return () => {
    const { monotonic, wall } = systemClock();
    return { monotonic, wall: unixMillis(wall + offset) };
  };
}

describe('a node that starts anew without a data directory', () => {
  test.for([
    { what: 'an hour behind', offset: -HOUR },
    { what: 'an hour ahead', offset: HOUR },
  ])('is accepted with its new metadata though its clock is $what', async ({ offset }) => {
    const first = await started(localNode({ id: 'first' }));
    const join = [first.address];
    const witness = await started(localNode({ id: 'witness', join }));
    const former = await started(localNode({ id: 'restarted', join, labels: ['life=first'] }));
    const others = [first, witness];
    await eventually({
      what: 'all know its former life',
      deadlineMs: 10_000,
      read: () => others.map((node) => lifeOf(node)),
      until: (lives) => lives.every((life) => life === 'first HEALTHY'),
    });
    await former.stop();

    const again = await started(localNode({ id: 'restarted', join, labels: ['life=second'], clock: clockOff(offset) }));
    const startedAt = performance.now();
    await eventually({
      what: 'all have taken its new life in',
      deadlineMs: 5_000,
      read: () => [...others, again].map((node) => lifeOf(node)),
      until: (lives) => lives.every((life) => life === 'second HEALTHY'),
    });
    measured(`accepted with a clock off by ${offset} ms`, performance.now() - startedAt);
    for (const node of [...others, again]) {
      expect(node.members()).toHaveLength(3);
      expect(node.members().find(({ id }) => id === again.id)?.address).toBe(again.address);
      expect(node.standing().duplicateAddresses).toStrictEqual([]);
    }
  });
});

async function started(node: MusterNode): Promise<MusterNode> {
  onTestFinished(async () => node.stop());
  await node.start();
  return node;
}

/** Which life of the restarted node is shown, and in which state. */
function lifeOf(node: MusterNode): string {
  const member = node.members().find(({ id }) => id === 'restarted');
  if (member === undefined) return 'unknown';
  const metadata = metadataOf(member.metadata);
  return `${metadata.ok ? metadata.value.labels['life'] : 'none'} ${member.state}`;
}
