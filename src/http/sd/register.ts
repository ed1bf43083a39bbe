import type { FastifyInstance, FastifySchema } from 'fastify';
import { type MemberQuery, matching, type PeerState, parseMemberQuery } from '../member-query.ts';
import { MEMBER_QUERY } from '../memberlist-schema.ts';
import type { MembershipPort } from '../port.ts';
import { targetOf } from './targets.ts';

/** What is asked for when the query names no state: a member that is dead or has left is nothing to scrape. */
const LIVING: readonly PeerState[] = ['HEALTHY', 'SUSPECTED_DEAD'];

/** Serves the members as targets to Prometheus (http_sd). */
export function registerServiceDiscovery(app: FastifyInstance, port: MembershipPort): void {
  app.get(
    '/api/v1alpha1/sd/prometheus',
    { config: { access: 'read' }, schema: TARGETS_SCHEMA },
    async (request, reply) => {
      const given = parseMemberQuery(request.query);
      const query: MemberQuery = given.states.length === 0 ? { ...given, states: LIVING } : given;
      const groups = matching(port.members(), query).flatMap((member) => targetOf(member) ?? []);
      return reply.header('cache-control', 'no-store').send(groups);
    },
  );
}

const TARGETS_SCHEMA: FastifySchema = {
  summary: "The members' API endpoints as targets, in Prometheus' http_sd format",
  tags: ['members'],
  querystring: { type: 'object', properties: MEMBER_QUERY },
  response: {
    200: {
      type: 'array',
      items: {
        type: 'object',
        required: ['targets', 'labels'],
        properties: {
          targets: { type: 'array', items: { type: 'string' }, minItems: 1, description: 'host:port' },
          labels: { type: 'object', additionalProperties: { type: 'string' } },
        },
        additionalProperties: false,
      },
    },
  },
};
