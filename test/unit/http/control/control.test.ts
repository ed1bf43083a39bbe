import { describe, expect, it } from 'vitest';
import { setUp, standing } from '../fixture.ts';

const METADATA = '/api/v1alpha1/local/metadata';
const ENDPOINT = 'https://api.prod-eu.example.com:6443';
const WHOLE = { apiEndpoint: ENDPOINT, apiPort: 8443, labels: { env: 'prod', tier: 'gold' } };

describe('the metadata of the local node', () => {
  it('are read, and replaced as a whole', async () => {
    const { app, control } = setUp();
    const put = await app.inject({ method: 'PUT', url: METADATA, payload: WHOLE });
    expect(put.statusCode).toBe(200);
    expect(put.json()).toMatchObject({ id: 'prod-eu', isLocal: true });
    expect(control.told).toEqual(WHOLE);
    expect((await app.inject(METADATA)).json()).toEqual(WHOLE);
  });

  it.each([
    [
      'sets and removes labels',
      { labels: { env: null, zone: 'a' } },
      { ...WHOLE, labels: { tier: 'gold', zone: 'a' } },
    ],
    ['sets the other fields', { apiPort: 1, apiEndpoint: '' }, { ...WHOLE, apiPort: 1, apiEndpoint: '' }],
    [
      'gives a field that it removes its default',
      { apiEndpoint: null, apiPort: null, labels: null },
      { apiEndpoint: '', apiPort: 443, labels: {} },
    ],
    ['changes nothing when it is empty', {}, WHOLE],
  ])('a patch %s', async (_what, payload, expected) => {
    for (const type of ['application/merge-patch+json', 'application/json']) {
      const { app, control } = setUp();
      control.told = WHOLE;
      const headers = { 'content-type': type };
      const answer = await app.inject({ method: 'PATCH', url: METADATA, headers, payload: JSON.stringify(payload) });
      expect(answer.statusCode).toBe(200);
      expect(control.told).toEqual(expected);
    }
  });

  it.each([
    ['PUT', { apiPort: 1, labels: {} }, 'apiEndpoint'],
    ['PUT', { ...WHOLE, apiEndpoint: 'ftp://x' }, 'apiEndpoint: must be an absolute http:// or https:// URL'],
    ['PUT', { ...WHOLE, apiEndpoint: 'https://me:secret@x' }, 'apiEndpoint: must not hold credentials'],
    ['PUT', { ...WHOLE, apiPort: 0 }, 'apiPort'],
    ['PUT', { ...WHOLE, apiPort: '443' }, 'apiPort'],
    ['PUT', { ...WHOLE, labels: { '-': 'x' } }, 'labels.-: the key must be 1 to 63 letters'],
    ['PUT', { ...WHOLE, labels: { env: 'no blanks' } }, 'labels.env: must be empty, or at most 63 letters'],
    ['PUT', { ...WHOLE, labels: { env: 1 } }, 'labels.env'],
    ['PUT', { ...WHOLE, more: 1 }, 'more'],
    ['PUT', [], 'the body'],
    ['PATCH', { labels: { '-': 'x' } }, 'labels.-'],
    ['PATCH', { apiport: 1 }, 'apiport'],
    ['PATCH', [], 'the body'],
    [
      'PUT',
      { ...WHOLE, labels: Object.fromEntries(Array.from({ length: 65 }, (_, at) => [`k${at}`, ''])) },
      'labels: must be at most 64 labels',
    ],
    [
      'PUT',
      {
        ...WHOLE,
        labels: Object.fromEntries(Array.from({ length: 64 }, (_, at) => [`k${at}-${'x'.repeat(58)}`, 'v'.repeat(63)])),
      },
      'labels: must be shorter',
    ],
  ] as const)('%s refuses %j and says where', async (method, payload, where) => {
    const { app, control } = setUp();
    control.told = WHOLE;
    const headers = { 'content-type': 'application/json' };
    const answer = await app.inject({ method, url: METADATA, headers, payload: JSON.stringify(payload) });
    expect(answer.statusCode).toBe(400);
    expect(answer.json()).toMatchObject({ code: 'INVALID_INPUT' });
    expect(answer.json<{ message: string }>().message).toContain(where);
    expect(control.told).toEqual(WHOLE);
  });

  it('does not say an endpoint’s credentials again', async () => {
    const { app, lines } = setUp();
    const payload = { ...WHOLE, apiEndpoint: 'https://me:secret@x' };
    const answer = await app.inject({ method: 'PUT', url: METADATA, payload });
    expect(answer.body).not.toContain('secret');
    expect(JSON.stringify(lines)).not.toContain('secret');
  });
});

describe('joining', () => {
  it('tries the targets that it is given', async () => {
    const { app, control } = setUp();
    const targets = ['10.0.0.1:7946', 'dns://muster.example.com:7946'];
    const answer = await app.inject({ method: 'POST', url: '/api/v1alpha1/local/join', payload: { targets } });
    expect(answer.statusCode).toBe(202);
    expect(control.done).toEqual([targets.map((target) => ({ target, origin: 'configured' }))]);
  });

  it.each([
    [{ targets: ['10.0.0.1:7946', 'nowhere'] }, 'targets.1'],
    [{ targets: [] }, 'targets'],
    [{}, 'targets'],
    [{ targets: 'a:1' }, 'targets'],
  ])('refuses %j and says where', async (payload, where) => {
    const { app, control } = setUp();
    const answer = await app.inject({ method: 'POST', url: '/api/v1alpha1/local/join', payload });
    expect(answer.statusCode).toBe(400);
    expect(answer.json<{ message: string }>().message).toContain(where);
    expect(control.done).toEqual([]);
  });
});

describe('leaving', () => {
  it('tells how many peers know of it', async () => {
    const { app, control } = setUp();
    const answer = await app.inject({ method: 'POST', url: '/api/v1alpha1/local/leave' });
    expect(answer.statusCode).toBe(200);
    expect(answer.json()).toEqual({ acknowledged: 2 });
    expect(control.done).toEqual(['leave']);
  });

  it.each([
    ['PUT', METADATA, WHOLE],
    ['PATCH', METADATA, {}],
    ['POST', '/api/v1alpha1/local/join', { targets: ['a:1'] }],
  ] as const)('after that, %s %s is refused', async (method, url, payload) => {
    const { app, port } = setUp();
    port.stands = standing({ leaving: true });
    const answer = await app.inject({ method, url, payload });
    expect(answer.statusCode).toBe(409);
    expect(answer.json()).toMatchObject({ code: 'LEAVING' });
  });
});

describe('forgetting a member', () => {
  it.each([
    ['dead', 204, ''],
    ['prod-eu', 409, 'MEMBER_NOT_DEAD'],
    ['nobody', 404, 'NO_SUCH_MEMBER'],
    [encodeURIComponent('ü'.repeat(126)), 404, 'NO_SUCH_MEMBER'],
  ])('%.20s: %i', async (id, status, code) => {
    const { app, control } = setUp();
    const answer = await app.inject({ method: 'DELETE', url: `/api/v1alpha1/members/${id}` });
    expect(answer.statusCode).toBe(status);
    expect(control.done).toEqual([decodeURIComponent(id)]);
    expect(answer.body).toContain(code);
  });
});

describe('who may control the node', () => {
  const requests = [
    ['PUT', METADATA, WHOLE],
    ['PATCH', METADATA, {}],
    ['POST', '/api/v1alpha1/local/join', { targets: ['a:1'] }],
    ['POST', '/api/v1alpha1/local/leave', undefined],
    ['DELETE', '/api/v1alpha1/members/dead', undefined],
  ] as const;

  it.each(requests)('%s %s is not for clients elsewhere', async (method, url, body) => {
    for (const remoteAddress of ['10.0.3.8', '2001:db8::1', '::ffff:10.0.3.8', '128.0.0.1']) {
      const { app, control } = setUp();
      const payload = body === undefined ? {} : { payload: body };
      const headers = { 'x-forwarded-for': '127.0.0.1' };
      const answer = await app.inject({ method, url, remoteAddress, headers, ...payload });
      expect(answer.statusCode).toBe(403);
      expect(answer.json()).toMatchObject({ code: 'FORBIDDEN' });
      expect(control.done).toEqual([]);
    }
  });

  it.each(['127.0.0.1', '127.8.9.10', '::1', '::ffff:127.0.0.1'])('%s is this machine', async (remoteAddress) => {
    const { app } = setUp();
    const answer = await app.inject({ method: 'PUT', url: METADATA, remoteAddress, payload: WHOLE });
    expect(answer.statusCode).toBe(200);
  });

  it('anybody who may read sees the metadata', async () => {
    const { app } = setUp();
    expect((await app.inject({ url: METADATA, remoteAddress: '10.0.3.8' })).statusCode).toBe(200);
  });

  it('what is done is in the log, with the id of the request', async () => {
    const { app, lines } = setUp();
    await app.inject({ method: 'DELETE', url: '/api/v1alpha1/members/dead' });
    expect(lines).toContainEqual(
      expect.objectContaining({ code: 'CONTROL', action: 'forget', member: 'dead', requestId: 'generated-id' }),
    );
  });
});
