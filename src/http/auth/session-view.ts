import type { FastifyReply, FastifyRequest } from 'fastify';

/** What a page needs to offer logging out: undefined for who is not logged in by a session. */
export function sessionView(request: FastifyRequest, reply: FastifyReply): { readonly csrfToken: string } | undefined {
  const { principal } = request;
  if (principal?.kind !== 'session' || principal.id === undefined) return undefined;
  return { csrfToken: reply.generateCsrf({ userInfo: principal.id }) };
}
