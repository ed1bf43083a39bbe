import { test } from 'vitest';
import { expectEveryWatcherToBeTold } from '../helpers/watched-changes.ts';

test('a thousand watchers of each transport are told each of 500 changes once and in order', async (context) => {
  await expectEveryWatcherToBeTold(context, { streams: 1_000, sockets: 100, channelsOfEach: 10, changes: 500 });
});
