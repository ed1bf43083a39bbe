import { describe, expect, it } from 'vitest';
import type { Metrics } from '../../../../src/observability/metrics.ts';
import type { EventSourceClient } from '../../../helpers/event-source.ts';
import { eventually } from '../../../helpers/eventually.ts';
import { member } from '../fixture.ts';
import { served, toldBy } from './served.ts';

const LONG = { apiEndpoint: `https://${'a'.repeat(1_900)}.example.com` };

async function cutBy({ watchesEnded }: Metrics): Promise<number | undefined> {
  return (await watchesEnded.get()).values.find(({ labels }) => labels.reason === 'slow_reader')?.value;
}

function versionsSeen(client: EventSourceClient): number[] {
  return client.events.flatMap(({ data }) => (data.member?.id === 'b' ? [Number(data.member['version'])] : []));
}

async function endOf(client: EventSourceClient): Promise<string | undefined> {
  await eventually({ what: 'it ended', deadlineMs: 5_000, read: () => client.ended, until: Boolean });
  return client.told().at(-1);
}

describe('a client that does not read', () => {
  it('is cut, with a last event that says so, when the journal has moved past it', async () => {
    const { port, metrics, watch } = await served({ watching: { journalBytes: 200_000 } });
    const reader = watch();
    const sleeper = watch();
    await Promise.all([toldBy(reader, 2), toldBy(sleeper, 2)]);
    await sleeper.pause();
    let changes = 0;
    await eventually({
      what: 'the sleeper is cut',
      deadlineMs: 20_000,
      read: async () => {
        for (let one = 0; one < 200; one += 1) {
          changes += 1;
          port.put(member('b', { version: 7 + changes, decoded: LONG }));
        }
        return cutBy(metrics);
      },
      until: (count) => count === 1,
    });
    await sleeper.resume();

    expect(await endOf(sleeper)).toBe('ENDED slow_reader');
    const versions = versionsSeen(reader);
    expect(versions).toEqual(Array.from({ length: versions.length }, (_, index) => 8 + index));
  });

  it('can resume from its last event, if the journal still reaches back so far', async () => {
    const { port, metrics, watch } = await served({ watching: { heartbeatMs: 100 } });
    const sleeper = watch();
    await toldBy(sleeper, 2);
    await sleeper.pause();
    const total = 4_000;
    for (let version = 8; version < 8 + total; version += 1) port.put(member('b', { version, decoded: LONG }));
    await eventually({
      what: 'the sleeper is cut',
      deadlineMs: 5_000,
      read: async () => cutBy(metrics),
      until: (count) => count === 1,
    });
    await sleeper.resume();
    expect(await endOf(sleeper)).toBe('ENDED slow_reader');
    const seen = versionsSeen(sleeper);
    const second = watch('', { 'last-event-id': sleeper.lastEventId });
    await eventually({
      what: 'the rest',
      deadlineMs: 5_000,
      read: () => [...seen, ...versionsSeen(second)],
      until: (all) => all.length === total,
    });
    expect([...seen, ...versionsSeen(second)]).toEqual(Array.from({ length: total }, (_, index) => 8 + index));
  });
});
