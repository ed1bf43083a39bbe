import type { FastifyInstance } from 'fastify';
import type { UnixMillis } from '../base/brands.ts';
import { HttpError } from './errors.ts';
import { sendPage } from './page.ts';
import { memberPage } from './pages/member-page.ts';
import { MEMBERS_PATH } from './paths.ts';
import type { MembershipPort } from './port.ts';

interface MembersOptions {
  readonly port: MembershipPort;
  readonly now: () => UnixMillis;
  /** The version of Muster. */
  readonly version: string;
}

/** Serves a page for each member. The rest of the path, whatever is in it, is the member's id. */
export function registerMembers(app: FastifyInstance, { port, now, version }: MembersOptions): void {
  const options = { config: { access: 'read' }, schema: { hide: true } } as const;
  app.get<{ Params: { '*': string } }>(`${MEMBERS_PATH}*`, options, async (request, reply) => {
    const wanted = request.params['*'];
    const member = port.members().find(({ id }) => id === wanted);
    if (member === undefined) {
      throw new HttpError(
        'NO_SUCH_MEMBER',
        'This node shows no member of that name. One that left or died is taken off the list after a while.',
      );
    }
    reply.header('cache-control', 'no-store');
    const origin = `${request.protocol}://${request.host}`;
    return sendPage(reply, 'member', memberPage(port, member, { now: now(), version, origin }));
  });
}
