import type { FastifyInstance } from 'fastify';
import type { UnixMillis } from '../base/brands.ts';
import { CompressibleBody, compressed } from './compression.ts';
import { HttpError } from './errors.ts';
import { entityTag, namesTag, RESOLUTION_MS } from './etag.ts';
import { isUnfiltered, matching, parseMemberQuery, queryKey } from './member-query.ts';
import { memberlistJson } from './memberlist-json.ts';
import { MEMBERLIST_SCHEMA } from './memberlist-schema.ts';
import { preferredRepresentation } from './negotiation.ts';
import { sendPage } from './page.ts';
import { memberlistPage } from './pages/memberlist-page.ts';
import { pageHref, parsePageQuery } from './pages/page-query.ts';
import { MEMBERLIST_PATH } from './paths.ts';
import type { MembershipPort } from './port.ts';
import type { AnswerWatch } from './watch/sse.ts';
import { asksToWatch } from './watch/watch-query.ts';

interface MemberlistOptions {
  readonly port: MembershipPort;
  readonly now: () => UnixMillis;
  /** The version of Muster. */
  readonly version: string;
  /** Tells the entity tags of this process from those of its former lives. */
  readonly etagNonce: string;
  /** Answers with `watch=true`. */
  readonly watch: AnswerWatch;
}

/** Serves the memberlist, as JSON and as a page. A client that has the current answer is told so before one is made. */
export function registerMemberlist(app: FastifyInstance, options: MemberlistOptions): void {
  const { port, now, version, etagNonce: nonce, watch } = options;
  const wholeList = cachedWholeList(port);

  app.get(MEMBERLIST_PATH, { schema: MEMBERLIST_SCHEMA }, (request, reply) => {
    reply.header('vary', 'Accept');
    if (asksToWatch(request.query)) return watch(request, reply);
    const representation = preferredRepresentation(request);
    if (representation === undefined) {
      throw new HttpError('NOT_ACCEPTABLE', 'The memberlist comes as application/json or text/html.');
    }
    const time = now();
    const isCurrent = (variant: string): boolean => {
      const tag = entityTag({ nonce, revision: port.revision(), now: time, representation, variant });
      const visibility = request.principal?.kind === 'anonymous' ? '' : 'private, ';
      reply.header('cache-control', `${visibility}no-cache`).header('etag', tag);
      return namesTag(request.headers['if-none-match'], tag);
    };
    if (representation === 'html') {
      const query = parsePageQuery(request.query);
      // The page also shows how the node stands and who is logged in, which no revision tells of.
      const surroundings = JSON.stringify([port.standing(), request.principal?.id]);
      if (isCurrent(`${pageHref(query)} ${surroundings}`)) return reply.code(304).send();
      return sendPage(reply, 'memberlist', memberlistPage(port, query, time, version));
    }
    const query = parseMemberQuery(request.query);
    if (isCurrent(queryKey(query))) return reply.code(304).send();
    const body = isUnfiltered(query)
      ? wholeList(time)
      : new CompressibleBody(memberlistJson(matching(port.members(), query)));
    reply.type('application/json; charset=utf-8');
    // A promise is waited for only where there is one: most of these answers are asked for again and again.
    const sent = compressed(request, reply, body);
    return Buffer.isBuffer(sent) ? reply.send(sent) : sent.then((encoded) => reply.send(encoded));
  });
}

/** The unfiltered list as JSON, made and compressed at most once for each revision and second. */
function cachedWholeList(port: MembershipPort): (now: UnixMillis) => CompressibleBody {
  let cached: { readonly revision: number; readonly second: number; readonly body: CompressibleBody } | undefined;
  return (now) => {
    const revision = port.revision();
    const second = Math.floor(now / RESOLUTION_MS);
    if (cached?.revision !== revision || cached.second !== second) {
      cached = { revision, second, body: new CompressibleBody(memberlistJson(port.members())) };
    }
    return cached.body;
  };
}
