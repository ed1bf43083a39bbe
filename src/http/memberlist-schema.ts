import type { FastifySchema } from 'fastify';
import { STATES } from './member-query.ts';

/** What a member tells of its cluster. */
export const CLUSTER = {
  type: 'object',
  required: ['apiEndpoint', 'apiPort', 'labels'],
  properties: {
    apiEndpoint: { type: 'string', description: "URL of the cluster's API server; empty when it has told none." },
    apiPort: { type: 'integer', description: "Port of the cluster's auth server." },
    labels: { type: 'object', additionalProperties: { type: 'string' } },
  },
} as const;

/** A member as the memberlist's JSON has it. More fields may follow. */
export const MEMBER = {
  type: 'object',
  required: ['id', 'address', 'lastSeen', 'version', 'state', 'peerState', 'isLocal', 'reachability'],
  properties: {
    id: { type: 'string', description: 'Unique in the mesh.' },
    address: { type: 'string', description: 'Where its gossip server is: host:port.' },
    lastSeen: { type: 'string', format: 'date-time', description: 'The latest evidence of its life, in UTC.' },
    version: {
      type: 'integer',
      minimum: 0,
      description: 'Rises with every change that the member makes to its record.',
    },
    state: CLUSTER,
    peerState: { type: 'string', enum: STATES },
    isLocal: { type: 'boolean', description: 'True for the node that answers.' },
    reachability: {
      type: 'string',
      enum: ['direct', 'indirect'],
      description:
        'Whether the node that answers reaches it by its own handshakes, or knows of it through others only.',
    },
    left: { type: 'boolean', description: 'True when it left by itself.' },
  },
} as const;

/** The query parameters that select members. */
export const MEMBER_QUERY = {
  labelSelector: {
    type: 'string',
    description: "Only members whose labels match, in Kubernetes' grammar, such as env=prod,tier!=dev.",
    'x-error-code': 'BAD_LABEL_SELECTOR',
  },
  peerState: {
    type: 'array',
    items: { type: 'string', enum: STATES, 'x-error-code': 'BAD_PEER_STATE' },
    description: 'Only members in these states.',
  },
} as const;

/** What the memberlist takes and gives. */
export const MEMBERLIST_SCHEMA: FastifySchema = {
  summary: 'All members that are not yet removed, sorted by id; or every change of them, as it comes',
  tags: ['members'],
  querystring: {
    type: 'object',
    properties: {
      ...MEMBER_QUERY,
      watch: {
        type: 'string',
        enum: ['true', 'false'],
        description: 'With true the list and every change of it come as server-sent events, until the client goes.',
        'x-error-code': 'BAD_WATCH',
      },
    },
  },
  response: {
    200: {
      description: 'The members; a page where HTML is wanted; events where a watch is.',
      content: {
        'application/json': { schema: { type: 'array', items: MEMBER } },
        'text/html': { schema: { type: 'string' } },
        'text/event-stream': { schema: { type: 'string' } },
      },
    },
    304: { type: 'null', description: 'The list is still the one that the client named.' },
  },
};
