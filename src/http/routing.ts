import type { FastifyInstance, FastifyRequest } from 'fastify';
import { HttpError, MAX_URL_CHARACTERS } from './errors.ts';

/** Stands in for a URL that can not be decoded. No route has it. */
const UNROUTABLE = '/undecodable';

/**
 * The URL to look for a route by. The router would turn a URL that can not be decoded away before any hook: it shall look like every
 * other error.
 */
export function routable(url: string): string {
  try {
    decodeURIComponent(url);
    return url;
  } catch {
    return UNROUTABLE;
  }
}

/** Refuses requests that no route can take, before their bodies are read: nobody is there to want them. */
export function registerRouting(app: FastifyInstance): void {
  const methods = new Map<string, Set<string>>();
  app.addHook('onRoute', ({ url, method }) => {
    const known = methods.get(url) ?? new Set();
    for (const one of [method].flat()) known.add(one);
    methods.set(url, known);
  });
  app.after(() => {
    app.addHook('onRequest', async (request) => {
      checkUrl(request);
      if (request.is404) throw nobodyThere(request, methods);
    });
  });
}

function checkUrl(request: FastifyRequest): void {
  if (request.originalUrl.length > MAX_URL_CHARACTERS) {
    throw new HttpError('URL_TOO_LONG', `The URL is longer than ${MAX_URL_CHARACTERS} characters.`);
  }
  if (request.originalUrl !== request.url) {
    throw new HttpError('BAD_URL', 'The URL is not valid percent-encoded UTF-8.');
  }
}

function nobodyThere(request: FastifyRequest, methods: ReadonlyMap<string, ReadonlySet<string>>): HttpError {
  const [path = ''] = request.url.split('?', 1);
  const known = methods.get(path);
  if (known === undefined) return new HttpError('NOT_FOUND', 'There is nothing at this path.');
  const allow = [...known].toSorted().join(', ');
  return new HttpError('METHOD_NOT_ALLOWED', `Only ${allow} can be used here.`, { allow });
}
