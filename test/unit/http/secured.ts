import type { HttpAppOptions } from '../../../src/http/app.ts';
import { type JwtRules, JwtVerifier } from '../../../src/http/auth/jwt.ts';
import type { SessionKeys } from '../../../src/http/auth/session-keys.ts';
import { Sessions } from '../../../src/http/auth/sessions.ts';
import { TokenSet } from '../../../src/http/auth/tokens.ts';
import type { Metrics } from '../../../src/observability/metrics.ts';
import { setUp } from './fixture.ts';

export const READ_TOKEN = 'read-0123456789abcdef';
export const WRITE_TOKEN = 'write-0123456789abcdef';
export const WRITE_PATH = '/api/v1alpha1/changed';

export function tokenSet(text: string): TokenSet {
  const parsed = TokenSet.parse(text);
  if (!parsed.ok) throw new Error(parsed.error);
  return parsed.value;
}

export const bearer = (token: string) => ({ authorization: `Bearer ${token}` });

interface Given extends Partial<HttpAppOptions> {
  /** Lines of the token file; undefined for none. */
  readonly tokens?: string;
  readonly jwt?: JwtRules;
  /** Those that sign sessions. Default: a random one. */
  readonly sessionKeys?: { current: SessionKeys };
}

/** An app with one route more, that changes something, and whose callers must be known. */
export function setUpSecured({ tokens, jwt, sessionKeys, ...options }: Given = {}) {
  const clock = { wall: Date.now() };
  const now = () => clock.wall;
  const file = { current: tokenSet(tokens ?? `read ${READ_TOKEN}\nread-write ${WRITE_TOKEN}`) };
  const authentication = {
    sessions: new Sessions(now, sessionKeys),
    ...(tokens === undefined && jwt !== undefined ? {} : { tokens: file }),
    ...(jwt === undefined ? {} : { jwt: new JwtVerifier(jwt, now) }),
  };
  const made = setUp({ authentication, ...options });
  addWriteRoute(made.app);
  return { ...made, sessionClock: clock, file };
}

/** An app where nobody must log in, with one route more that changes something. */
export function setUpOpen(options: Partial<HttpAppOptions> = {}) {
  const made = setUp(options);
  addWriteRoute(made.app);
  return made;
}

function addWriteRoute(app: ReturnType<typeof setUp>['app']): void {
  app.after(() => {
    const config = { access: 'write' } as const;
    app.route({
      method: ['PUT', 'POST'],
      url: WRITE_PATH,
      config,
      schema: { hide: true },
      handler: async () => ({ changed: true }),
    });
  });
}

/** How often authentication came to a result, as `kind result` to a count. */
export async function authentications(metrics: Metrics): Promise<Record<string, number>> {
  const { values } = await metrics.httpAuthentications.get();
  return Object.fromEntries(values.map(({ labels, value }) => [`${labels.kind} ${labels.result}`, value]));
}
