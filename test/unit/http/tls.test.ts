import { describe, expect, it } from 'vitest';
import { selfSigned } from '../../helpers/certificates.ts';
import { MEMBERLIST } from './fixture.ts';
import { READ_TOKEN, setUpSecured } from './secured.ts';

async function setUpTls() {
  const { cert, key } = await selfSigned('unit');
  return setUpSecured({ certificate: { cert: Buffer.from(cert), key: Buffer.from(key) } });
}

describe('under TLS', () => {
  it('browsers are told to stay with it', async () => {
    const { app } = await setUpTls();
    const answer = await app.inject('/livez');
    expect(answer.headers['strict-transport-security']).toBe('max-age=31536000');
  });

  it('the cookies of a session never leave it', async () => {
    const { app } = await setUpTls();
    const answer = await app.inject({ method: 'POST', url: '/login', payload: { token: READ_TOKEN } });
    expect(answer.cookies).toEqual([
      expect.objectContaining({ name: '__Host-muster-session', secure: true, path: '/' }),
    ]);
    const cookies = { '__Host-muster-session': answer.cookies[0]?.value ?? '' };
    const page = await app.inject({ url: MEMBERLIST, cookies, headers: { accept: 'text/html' } });
    expect(page.statusCode).toBe(200);
    expect(page.cookies).toEqual([
      expect.objectContaining({ name: '__Host-muster-csrf', secure: true, httpOnly: true }),
    ]);
  });
});
