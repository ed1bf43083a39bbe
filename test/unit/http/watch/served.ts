import type { AddressInfo } from 'node:net';
import { onTestFinished } from 'vitest';
import type { HttpAppOptions } from '../../../../src/http/app.ts';
import { EventSourceClient } from '../../../helpers/event-source.ts';
import { eventually } from '../../../helpers/eventually.ts';
import { MEMBERLIST, setUp } from '../fixture.ts';

/** The app of {@link setUp}, listening on loopback, and clients that watch it; all ends with the test. */
export async function served(options: Partial<HttpAppOptions> = {}) {
  const set = setUp(options);
  await set.app.listen({ host: '127.0.0.1', port: 0 });
  onTestFinished(async () => set.app.close());
  const address = `127.0.0.1:${(set.app.server.address() as AddressInfo).port}`;

  function watch(query = '', headers: Readonly<Record<string, string>> = {}): EventSourceClient {
    const client = new EventSourceClient(`http://${address}${MEMBERLIST}?watch=true${query}`, headers);
    onTestFinished(() => client.close());
    return client;
  }

  return { ...set, address, watch };
}

/** Waits until a client was told as many events, and gives them in short. */
export async function toldBy(client: EventSourceClient, count: number): Promise<readonly string[]> {
  await eventually({
    what: `${count} events`,
    deadlineMs: 5_000,
    read: () => client.told(),
    until: (told) => told.length >= count,
  });
  return client.told();
}
