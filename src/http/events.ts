import type { FastifyInstance, FastifySchema } from 'fastify';
import type { UnixMillis } from '../base/brands.ts';
import type { JournalEntry } from '../observability/journal.ts';
import { HttpError } from './errors.ts';
import { STATES } from './member-query.ts';
import { preferredRepresentation } from './negotiation.ts';
import { sendPage } from './page.ts';
import { changesPage } from './pages/changes-page.ts';
import { EVENTS_PATH } from './paths.ts';
import type { MembershipPort } from './port.ts';

interface EventsOptions {
  readonly port: MembershipPort;
  readonly now: () => UnixMillis;
  /** The version of Muster. */
  readonly version: string;
}

/** Serves the last changes of the membership: as a JSON array, the oldest first, and as a page, the newest first. */
export function registerEvents(app: FastifyInstance, { port, now, version }: EventsOptions): void {
  app.get(EVENTS_PATH, { config: { access: 'read' }, schema: EVENTS_SCHEMA }, async (request, reply) => {
    reply.header('vary', 'Accept').header('cache-control', 'no-store');
    const representation = preferredRepresentation(request);
    if (representation === undefined) {
      throw new HttpError('NOT_ACCEPTABLE', 'The events come as application/json or text/html.');
    }
    if (representation === 'html') return sendPage(reply, 'changes', changesPage(port, now(), version));
    return reply.type('application/json; charset=utf-8').send(JSON.stringify(port.history().map(eventJson)));
  });
}

function eventJson({ at, ...entry }: JournalEntry) {
  return { ...entry, at: new Date(at).toISOString() };
}

const EVENT = {
  type: 'object',
  required: ['seq', 'at', 'kind', 'id', 'changes'],
  properties: {
    seq: { type: 'integer', minimum: 1, description: 'Counts in each life of the process.' },
    at: { type: 'string', format: 'date-time', description: 'When this node noticed, in UTC.' },
    kind: { type: 'string', description: 'What became of the member.' },
    id: { type: 'string', description: 'Of the member.' },
    from: { type: 'string', enum: STATES, description: 'Its state before; absent when it was not shown.' },
    to: { type: 'string', enum: STATES, description: 'Its state now; absent when it is shown no more.' },
    version: { type: 'integer', minimum: 0, description: 'Of its record; absent where the entry is of no record.' },
    changes: { type: 'array', items: { type: 'object' }, description: 'What it tells otherwise than before.' },
  },
} as const;

const EVENTS_SCHEMA: FastifySchema = {
  summary: 'The last changes that this node noticed, the oldest first',
  tags: ['members'],
  response: {
    200: {
      description: 'The changes; a page where HTML is wanted.',
      content: {
        'application/json': { schema: { type: 'array', items: EVENT } },
        'text/html': { schema: { type: 'string' } },
      },
    },
  },
};
