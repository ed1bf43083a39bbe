import type { FastifyInstance, FastifyRequest } from 'fastify';
import { HttpError, MAX_URL_CHARACTERS } from './errors.ts';

/** Options for Node.js' server: what it would refuse by itself, past all stages, is refused here. */
export const NODE_SERVER = { requireHostHeader: false } as const;

/** Stands in for a URL that can not be decoded. No route has it. */
const UNROUTABLE = '/undecodable';

/**
 * The URL to look for a route by. The router would turn a URL that can not be decoded away before any hook: it shall look like every
 * other error.
 */
export function routable(url: string): string {
  if (!url.includes('%')) return url;
  try {
    decodeURIComponent(url);
    return url;
  } catch {
    return UNROUTABLE;
  }
}

/** The methods of the routes of one path. */
interface KnownPath {
  readonly matches: RegExp;
  readonly methods: Set<string>;
}

/** Refuses requests that no route can take, before their bodies are read: nobody is there to want them. */
export function registerRouting(app: FastifyInstance): void {
  const paths = new Map<string, KnownPath>();
  // An expectation that is not known may be ignored (RFC 9110, section 10.1.1). Node.js would refuse it by itself.
  app.server.on('checkExpectation', (request, response) => app.server.emit('request', request, response));
  app.addHook('onRoute', ({ url, method }) => {
    // The CORS plugin answers every path's preflight by a route of this name. It is no place of its own.
    if (url === '*') return;
    const known = paths.get(url) ?? { matches: patternOf(url), methods: new Set() };
    for (const one of [method].flat()) known.methods.add(one);
    paths.set(url, known);
  });
  app.after(() => {
    app.addHook('onRequest', (request, _reply, done) => {
      checkTarget(request);
      if (request.is404) throw nobodyThere(request, paths.values());
      done();
    });
  });
}

/** What the router takes for a path of a route, whose parts may be `:name`, and which may end with `*`. */
function patternOf(url: string): RegExp {
  const pattern = url
    .replaceAll(/[.+?^${}()|[\]\\]/g, '\\$&')
    .replaceAll(/:[^/]+/g, '[^/]+')
    .replace(/\*$/, '.*');
  return new RegExp(`^${pattern}$`);
}

function checkTarget(request: FastifyRequest): void {
  if (request.headers.host === undefined && request.raw.httpVersion !== '1.0') {
    throw new HttpError('BAD_REQUEST', 'The request names no host.');
  }
  if (request.originalUrl.length > MAX_URL_CHARACTERS) {
    throw new HttpError('URL_TOO_LONG', `The URL is longer than ${MAX_URL_CHARACTERS} characters.`);
  }
  if (request.originalUrl !== request.url) {
    throw new HttpError('BAD_URL', 'The URL is not valid percent-encoded UTF-8.');
  }
}

function nobodyThere(request: FastifyRequest, paths: Iterable<KnownPath>): HttpError {
  const [path = ''] = request.url.split('?', 1);
  const allowed = new Set<string>();
  for (const { matches, methods } of paths) {
    if (!matches.test(path)) continue;
    for (const method of methods) allowed.add(method);
  }
  if (allowed.size === 0) return new HttpError('NOT_FOUND', 'There is nothing at this path.');
  const allow = [...allowed].toSorted().join(', ');
  return new HttpError('METHOD_NOT_ALLOWED', `Only ${allow} can be used here.`, { allow });
}
