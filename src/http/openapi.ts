import { type FastifyInstance, type FastifySchema, fastify, type RouteOptions } from 'fastify';
import * as z from 'zod';
import { type Access, accessByUrl } from './access.ts';
import { CompressibleBody, compressed } from './compression.ts';
import { HTTP_ERRORS } from './errors.ts';
import { sendPage } from './page.ts';
import { SCHEMA_OPTIONS } from './validation.ts';

const OPENAPI_PATH = '/api/v1alpha1/openapi.json';
const TRY_PATH = '/api/v1alpha1/try';

/** What every error answer looks like. */
const ERROR = {
  description: 'An error',
  type: 'object',
  required: ['statusCode', 'error', 'message', 'requestId', 'code'],
  properties: {
    statusCode: { type: 'integer' },
    error: { type: 'string', description: 'The status in words.' },
    message: { type: 'string', description: 'What is wrong, for people.' },
    requestId: { type: 'string', description: 'The same as in X-Request-ID and in the log of the node.' },
    code: { type: 'string', enum: Object.keys(HTTP_ERRORS), description: 'What is wrong, for programs.' },
  },
} as const;

interface DescribedRoute extends Pick<RouteOptions, 'method' | 'url'> {
  readonly schema: FastifySchema;
  readonly access: Access;
}

const DOCUMENT_SCHEMA: FastifySchema = {
  summary: 'This document',
  tags: ['documentation'],
  response: { 200: { type: 'object', required: ['openapi', 'info', 'paths'] } },
};

/**
 * Serves an OpenAPI document of the routes that are registered after this, made of the very schemas that check their requests, and a
 * page to try them. What is for browsers says so by `hide` in its schema, and is left out. The document is made when somebody first asks for it: a node that starts has no time for it.
 *
 * @param version of Muster
 */
export function registerOpenApi(app: FastifyInstance, version: string): void {
  const routes: DescribedRoute[] = [];
  app.addHook('onRoute', ({ method, url, config, schema }) => {
    if (method === 'HEAD' || schema === undefined || schema.hide === true) return;
    routes.push({ method, url, schema, access: config?.access ?? accessByUrl(url) });
  });
  let document: Promise<CompressibleBody> | undefined;
  const open = { access: 'open' } as const;
  app.get(OPENAPI_PATH, { config: open, schema: DOCUMENT_SCHEMA }, async (request, reply) => {
    document ??= describe(routes, version);
    const body = await compressed(request, reply, await document);
    return reply.type('application/json; charset=utf-8').send(body);
  });
  app.get(TRY_PATH, { config: open, schema: { hide: true } }, async (_request, reply) =>
    sendPage(reply, 'try', { openApiPath: OPENAPI_PATH }),
  );
}

/** The document of some routes. The library reads it off a server, so they are registered on one that never listens. */
async function describe(routes: readonly DescribedRoute[], version: string): Promise<CompressibleBody> {
  const { default: swagger } = await import('@fastify/swagger');
  const scratch = fastify({ ...SCHEMA_OPTIONS, exposeHeadRoutes: false });
  await scratch.register(swagger, {
    openapi: {
      openapi: '3.1.0',
      info: { title: 'Muster', description: 'The members of a mesh, as one of them sees them.', version },
      components: { securitySchemes: { bearer: { type: 'http', scheme: 'bearer' } } },
    },
  });
  for (const { method, url, access, schema } of routes) {
    const response = { ...(schema.response as object | undefined), default: ERROR };
    const security = access === 'open' ? [] : [{ bearer: [] }];
    const body = schema.body instanceof z.ZodType ? { body: z.toJSONSchema(schema.body, { io: 'input' }) } : {};
    scratch.route({ method, url, schema: { ...schema, ...body, response, security }, handler: async () => undefined });
  }
  await scratch.ready();
  const document = Buffer.from(JSON.stringify(scratch.swagger()));
  await scratch.close();
  return new CompressibleBody(document);
}
