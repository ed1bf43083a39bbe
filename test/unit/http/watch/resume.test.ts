import { describe, expect, it } from 'vitest';
import { eventually } from '../../../helpers/eventually.ts';
import { member } from '../fixture.ts';
import { served, toldBy } from './served.ts';

describe('a watch that resumes', () => {
  it('is told what it missed and nothing else, and then that this was all', async () => {
    const { port, watch } = await served();
    const first = watch();
    await toldBy(first, 2);
    port.put(member('b'));
    await toldBy(first, 3);
    first.close();
    port.put(member('c'));
    port.remove('b');

    const second = watch('', { 'last-event-id': first.lastEventId });
    expect(await toldBy(second, 3)).toEqual(['ADDED c', 'DELETED b', 'BOOKMARK']);
    expect(second.lastEventId).toBe('life1-3');
  });

  it('does not resume within a list that was not complete', async () => {
    const { app, port, watch } = await served();
    const decoded = { apiEndpoint: `https://${'a'.repeat(1_900)}.example.com` };
    port.list = Array.from({ length: 5_000 }, (_, index) => member(`m${index}`, { decoded }));
    const client = watch();
    await client.pause();
    const closed = app.close();
    await client.resume();
    await closed;
    await eventually({ what: 'it ended', deadlineMs: 5_000, read: () => client.ended, until: Boolean });
    expect(client.told().at(-1)).toBe('ENDED shutdown');
    expect(client.told()).not.toContain('SYNCED 5000');
    expect(client.lastEventId).toBe('');
  });

  it.each([
    ['of another process', 'life0-0'],
    ['of the future', 'life1-99'],
    ['that is no id of ours', 'x'.repeat(300)],
  ])('must start anew with an id %s', async (_which, id) => {
    const { watch } = await served();
    const client = watch('', { 'last-event-id': id });
    await eventually({ what: 'it ended', deadlineMs: 5_000, read: () => client.ended, until: Boolean });
    expect(client.told()).toEqual(['ENDED resume_impossible']);
    expect(client.lastEventId).toBe('');
  });

  it('must start anew when the journal has moved on, and then is told the list', async () => {
    const { port, watch } = await served({ watching: { journalBytes: 2_000 } });
    const first = watch();
    await toldBy(first, 2);
    first.close();
    for (const id of ['b', 'c', 'd', 'e']) port.put(member(id));

    const second = watch('', { 'last-event-id': first.lastEventId });
    expect(await toldBy(second, 1)).toEqual(['ENDED resume_impossible']);
    const third = watch('', second.lastEventId === '' ? {} : { 'last-event-id': second.lastEventId });
    expect(await toldBy(third, 6)).toContain('SYNCED 5');
  });
});
