import { describe, expect, it } from 'vitest';
import { SessionKeys } from '../../../src/http/auth/session-keys.ts';
import { MEMBERLIST } from './fixture.ts';
import { bearer, READ_TOKEN, setUpSecured } from './secured.ts';

const OLD = 'old-'.padEnd(43, '0123456789');
const NEW = 'new-'.padEnd(43, '0123456789');

function keysOf(...lines: readonly string[]): SessionKeys {
  const parsed = SessionKeys.parse(lines.join('\n'));
  if (!parsed.ok) throw new Error(parsed.error);
  return parsed.value;
}

/** The cookie of a person who logs in. */
async function logIn({ app }: ReturnType<typeof setUpSecured>): Promise<Record<string, string>> {
  const answer = await app.inject({ method: 'POST', url: '/login', payload: { token: READ_TOKEN } });
  expect(answer.statusCode).toBe(303);
  return Object.fromEntries(answer.cookies.map(({ name, value }) => [name, value]));
}

async function statusOf({ app }: ReturnType<typeof setUpSecured>, cookies: Record<string, string>): Promise<number> {
  return (await app.inject({ url: MEMBERLIST, cookies })).statusCode;
}

describe('sessions whose keys are given', () => {
  it('outlast the process, and no other key is taken', async () => {
    const cookies = await logIn(setUpSecured({ sessionKeys: { current: keysOf(OLD) } }));
    expect(await statusOf(setUpSecured({ sessionKeys: { current: keysOf(OLD) } }), cookies)).toBe(200);
    expect(await statusOf(setUpSecured({ sessionKeys: { current: keysOf(NEW) } }), cookies)).toBe(401);
    expect(await statusOf(setUpSecured(), cookies)).toBe(401);
  });

  it('are signed by the first key, and taken by all of them', async () => {
    const sessionKeys = { current: keysOf(OLD) };
    const made = setUpSecured({ sessionKeys });
    const before = await logIn(made);
    sessionKeys.current = keysOf('# the new one', NEW, '', OLD);
    const after = await logIn(made);
    expect(await statusOf(made, before)).toBe(200);
    sessionKeys.current = keysOf(NEW);
    expect(await statusOf(made, before)).toBe(401);
    expect(await statusOf(made, after)).toBe(200);
    expect((await made.app.inject({ url: MEMBERLIST, headers: bearer(READ_TOKEN) })).statusCode).toBe(200);
  });

  it('still end with their token', async () => {
    const cookies = await logIn(setUpSecured({ sessionKeys: { current: keysOf(OLD) } }));
    const made = setUpSecured({ sessionKeys: { current: keysOf(NEW, OLD) }, tokens: 'read another-0123456789abcdef' });
    expect(await statusOf(made, cookies)).toBe(401);
  });
});

describe('a file of session keys', () => {
  it.each([
    ['', 'it holds no key'],
    ['# none', 'it holds no key'],
    [`${OLD}\nshort`, 'line 2: must be 43 to 512 visible characters without blanks'],
    [`${OLD} ${NEW}`, 'line 1: must be 43 to 512 visible characters without blanks'],
    ['x'.repeat(513), 'line 1: must be 43 to 512'],
    [Array.from({ length: 9 }, () => OLD).join('\n'), 'line 9: must be at most 8 keys'],
  ])('%.60j is refused without telling the key', (text, problem) => {
    const parsed = SessionKeys.parse(text);
    expect(parsed.ok ? '' : parsed.error).toContain(problem);
    expect(JSON.stringify(parsed)).not.toContain('012345');
  });

  it('may have blanks around its keys, and other ends of lines', async () => {
    const cookies = await logIn(setUpSecured({ sessionKeys: { current: keysOf(`  ${OLD} \r`, NEW) } }));
    expect(await statusOf(setUpSecured({ sessionKeys: { current: keysOf(OLD) } }), cookies)).toBe(200);
  });
});
