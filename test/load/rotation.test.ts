import { rename, writeFile } from 'node:fs/promises';
import { Agent, get } from 'node:https';
import { join } from 'node:path';
import type { TLSSocket } from 'node:tls';
import { expect, test } from 'vitest';
import { MEMBERLIST } from '../helpers/agent-process.ts';
import { agentsOf } from '../helpers/agents.ts';
import { writeCertificate } from '../helpers/certificates.ts';
import { eventually } from '../helpers/eventually.ts';
import { putLoad } from '../helpers/load.ts';
import { measured } from '../helpers/measured.ts';

const OLD = 'old-0123456789abcdef';
const NEW = 'new-0123456789abcdef';
/** Two looks at the files, and some more on a busy machine. */
const NOTICED_MS = 8_000;

/** Asks for the memberlist over TLS, and tells the status and whose certificate it was. */
async function ask(url: string, ca: string, token: string, agent?: Agent) {
  return new Promise<{ status: number | undefined; name: string | undefined }>((resolve, reject) => {
    const options = { ca, headers: { authorization: `Bearer ${token}` }, agent: agent ?? false };
    const request = get(url, options, (answer) => {
      const name = (answer.socket as TLSSocket).getPeerCertificate().subject?.CN;
      answer.resume().once('end', () => resolve({ status: answer.statusCode, name: String(name) }));
    });
    request.once('error', reject);
  });
}

test('certificate and tokens are replaced under load, and no request fails for it', async (context) => {
  const agents = agentsOf(context);
  const directory = await agents.directory();
  const first = await writeCertificate(directory, 'first');
  const tokens = join(directory, 'tokens');
  const putTokens = async (...lines: string[]) => {
    await writeFile(`${tokens}.new`, lines.join('\n'));
    await rename(`${tokens}.new`, tokens);
  };
  await putTokens(`read ${OLD}`);
  const files = ['--http-tls-cert', first.cert, '--http-tls-key', first.key, '--http-token-file', tokens];
  const agent = await agents.start('a', ...files, '--http-rate', '100000', '--http-burst', '100000');
  const url = `https://${agent.http}${MEMBERLIST}`;
  const kept = new Agent({ keepAlive: true, maxSockets: 1 });
  context.onTestFinished(() => kept.destroy());
  expect(await ask(url, first.ca, OLD, kept)).toEqual({ status: 200, name: 'first' });

  const load = { url, seconds: 5, connections: 4, rate: 200, reconnectAfter: 10 };
  const oldLoad = putLoad({ ...load, headers: { authorization: `Bearer ${OLD}` } });
  await putTokens(`read ${OLD}`, `read ${NEW}`);
  await eventually({
    what: 'the new token works beside the old one',
    deadlineMs: NOTICED_MS,
    read: async () => (await ask(url, first.ca, NEW)).status,
    until: (status) => status === 200,
  });
  const second = await writeCertificate(directory, 'second');
  const took = await eventually({
    what: 'the new certificate is shown to new connections',
    deadlineMs: NOTICED_MS,
    read: async () => ask(url, second.ca, OLD),
    until: ({ status, name }) => status === 200 && name === 'second',
  });
  measured('new certificate in use', took);
  expect(await ask(url, first.ca, OLD, kept)).toEqual({ status: 200, name: 'first' });
  const underLoad = await oldLoad;
  expect(underLoad['2xx']).toBeGreaterThan(500);
  expect(underLoad).toMatchObject({ non2xx: 0, errors: 0, timeouts: 0 });

  const newLoad = putLoad({ ...load, seconds: 3, headers: { authorization: `Bearer ${NEW}` } });
  await putTokens(`read ${NEW}`);
  await eventually({
    what: 'the old token stops working',
    deadlineMs: NOTICED_MS,
    read: async () => (await ask(url, second.ca, OLD)).status,
    until: (status) => status === 401,
  });
  expect(await newLoad).toMatchObject({ non2xx: 0, errors: 0, timeouts: 0 });
  expect(agent.logged('HTTP_TOKENS_RELOADED')).toHaveLength(2);
  expect(agent.logged('HTTP_CERTIFICATE_RELOADED')).toHaveLength(1);
  expect(JSON.stringify(agent.log)).not.toMatch(/old-0123|new-0123|PRIVATE KEY/);

  await writeFile(tokens, 'nonsense');
  await writeFile(first.key, 'nonsense');
  await eventually({
    what: 'bad files are told of',
    deadlineMs: NOTICED_MS,
    read: () => agent.logged('HTTP_TOKENS_UNUSABLE').length + agent.logged('HTTP_CERTIFICATE_UNUSABLE').length,
    until: (count) => count === 2,
  });
  expect(await ask(url, second.ca, NEW)).toEqual({ status: 200, name: 'second' });
});
