import type { FastifyInstance, FastifySchema } from 'fastify';
import type { UnixMillis } from '../base/brands.ts';
import { formatHostPort } from '../config/address.ts';
import { CLUSTER } from './memberlist-schema.ts';
import { shownState } from './pages/member-state.ts';
import { LOCAL_INFO_PATH } from './paths.ts';
import type { MembershipPort, ShownMember } from './port.ts';
import { READINESS } from './probes.ts';
import { readinessOf } from './readiness.ts';

interface InfoOptions {
  readonly port: MembershipPort;
  readonly now: () => UnixMillis;
  /** The version of Muster. */
  readonly version: string;
}

/** Serves what a node has to say of itself and of its mesh as a whole, in one answer. */
export function registerInfo(app: FastifyInstance, { port, now, version }: InfoOptions): void {
  const startedAt = new Date(now()).toISOString();
  app.get(LOCAL_INFO_PATH, { config: { access: 'read' }, schema: SCHEMA }, async (_request, reply) => {
    const members = port.members();
    const local = members.find(({ isLocal }) => isLocal);
    if (local === undefined) throw new Error('the node does not show itself');
    return reply.header('cache-control', 'no-store').send({
      id: port.nodeId,
      mesh: port.mesh,
      gossipAddress: local.address,
      ...boundAddress(app),
      version: local.version,
      state: local.decoded,
      readiness: readinessOf(port),
      members: counted(members),
      startedAt,
      software: { muster: version, node: process.version },
    });
  });
}

function counted(members: readonly ShownMember[]) {
  const counts = { total: members.length, healthy: 0, suspected: 0, dead: 0, left: 0, indirect: 0 };
  for (const member of members) {
    counts[shownState(member).kind] += 1;
    if (!member.isLocal && member.state !== 'DEAD' && member.reachability === 'indirect') counts.indirect += 1;
  }
  return counts;
}

/** Where the HTTP server listens; nothing where none does. */
function boundAddress(app: FastifyInstance): { readonly httpAddress?: string } {
  const bound = app.server.address();
  if (typeof bound !== 'object' || bound === null) return {};
  return { httpAddress: formatHostPort({ host: bound.address, port: bound.port }) };
}

const COUNT = { type: 'integer', minimum: 0 } as const;

const SCHEMA: FastifySchema = {
  summary: 'What this node has to say of itself, and how many members it shows in which state',
  tags: ['local'],
  response: {
    200: {
      type: 'object',
      required: ['id', 'mesh', 'gossipAddress', 'version', 'state', 'readiness', 'members', 'startedAt', 'software'],
      properties: {
        id: { type: 'string' },
        mesh: { type: 'string' },
        gossipAddress: { type: 'string', description: 'Where peers reach it: host:port.' },
        httpAddress: { type: 'string', description: 'Where it listens for HTTP, as bound: host:port.' },
        version: { type: 'integer', minimum: 0, description: 'Of its own record.' },
        state: CLUSTER,
        readiness: READINESS,
        members: {
          type: 'object',
          required: ['total', 'healthy', 'suspected', 'dead', 'left', 'indirect'],
          properties: {
            total: { ...COUNT, description: 'All that it shows, itself too.' },
            healthy: COUNT,
            suspected: COUNT,
            dead: { ...COUNT, description: 'Without those that left by themselves.' },
            left: COUNT,
            indirect: { ...COUNT, description: 'Living members that others reach and this node does not.' },
          },
        },
        startedAt: { type: 'string', format: 'date-time', description: 'When its process began to serve, in UTC.' },
        software: {
          type: 'object',
          required: ['muster', 'node'],
          properties: {
            muster: { type: 'string', description: 'The version of Muster.' },
            node: { type: 'string', description: 'The version of Node.js.' },
          },
        },
      },
    },
  },
};
