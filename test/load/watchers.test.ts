import { test } from 'vitest';
import { expectEveryWatcherToBeTold } from '../helpers/watched-changes.ts';

test('a hundred watchers of each transport are told each of fifty changes once and in order', async (context) => {
  await expectEveryWatcherToBeTold(context, { streams: 100, sockets: 10, channelsOfEach: 10, changes: 50 });
});
