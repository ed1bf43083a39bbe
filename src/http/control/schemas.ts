import type { FastifySchema } from 'fastify';
import { MEMBER } from '../memberlist-schema.ts';
import { joinBody, metadataBody, metadataPatch } from './bodies.ts';

/** A patch of a JSON document (RFC 7396). */
export const MERGE_PATCH = 'application/merge-patch+json';

const tags = ['control'];

const METADATA = {
  type: 'object',
  required: ['apiEndpoint', 'apiPort', 'labels'],
  properties: MEMBER.properties.state.properties,
  additionalProperties: false,
} as const;

/** What each request of the local control takes and gives. Bodies are shapes, for `checkByShape`. */
export const CONTROL_SCHEMAS = {
  read: {
    summary: 'What the node tells of its cluster',
    tags,
    response: { 200: METADATA },
  },
  replace: {
    summary: 'Has the node tell something else of its cluster, whole',
    tags,
    body: metadataBody,
    response: { 200: MEMBER },
  },
  patch: {
    summary: 'Changes what the node tells of its cluster, by a JSON merge patch',
    tags,
    consumes: [MERGE_PATCH, 'application/json'],
    body: metadataPatch,
    response: { 200: MEMBER },
  },
  join: {
    summary: 'Tries further bootstrap targets, and keeps them until the node stops',
    tags,
    body: joinBody,
    response: {
      202: {
        description: 'They are being tried.',
        type: 'object',
        required: ['targets'],
        properties: { targets: { type: 'array', items: { type: 'string' } } },
        additionalProperties: false,
      },
    },
  },
  leave: {
    summary: 'Says goodbye to the mesh',
    tags,
    response: {
      200: {
        type: 'object',
        required: ['acknowledged'],
        properties: { acknowledged: { type: 'integer', minimum: 0, description: 'Peers that have the goodbye.' } },
        additionalProperties: false,
      },
    },
  },
  forget: {
    summary: 'Takes a dead member from every memberlist before its time',
    tags,
    params: {
      type: 'object',
      required: ['id'],
      properties: { id: { type: 'string', description: 'The id of the member.' } },
    },
    response: { 204: { type: 'null', description: 'It is forgotten.' } },
  },
} satisfies Record<string, FastifySchema>;
