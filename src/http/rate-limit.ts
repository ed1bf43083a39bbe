import { isIPv6 } from 'node:net';
import type { FastifyInstance } from 'fastify';
import ipaddr from 'ipaddr.js';
import { HttpError } from './errors.ts';

/** Addresses that are remembered. One that was forgotten begins with a full bucket. */
const MAX_CLIENTS = 10_000;

/** How much one client address may ask. */
export interface RateLimit {
  /** Requests a second in the long run. */
  readonly rate: number;
  /** Requests at once. */
  readonly burst: number;
}

interface Bucket {
  tokens: number;
  at: number;
}

/** What became of a request. */
interface Take {
  readonly allowed: boolean;
  /** Requests that the client has left. */
  readonly remaining: number;
  /** Seconds until the bucket is full again, or, when nothing was left, until there is one more. */
  readonly resetS: number;
}

/**
 * Counts by token buckets, not by fixed windows: a bucket holds `burst` requests and fills by `rate` a second, so no client gets twice
 * its share around the edge of a window.
 */
export class TokenBuckets {
  readonly #limit: RateLimit;
  readonly #now: () => number;
  /** The one used longest ago first. */
  readonly #buckets = new Map<string, Bucket>();

  /** @param now monotonic, in milliseconds */
  constructor(limit: RateLimit, now: () => number = () => performance.now()) {
    this.#limit = limit;
    this.#now = now;
  }

  /** Takes one request out of a client's bucket, if one is left. */
  take(client: string): Take {
    const { rate, burst } = this.#limit;
    const now = this.#now();
    const last = this.#buckets.get(client) ?? { tokens: burst, at: now };
    const tokens = Math.min(burst, last.tokens + ((now - last.at) * rate) / 1_000);
    const allowed = tokens >= 1;
    const left = allowed ? tokens - 1 : tokens;
    this.#buckets.delete(client);
    this.#buckets.set(client, { tokens: left, at: now });
    if (this.#buckets.size > MAX_CLIENTS) {
      const oldest = this.#buckets.keys().next();
      if (oldest.done !== true) this.#buckets.delete(oldest.value);
    }
    const missing = allowed ? burst - left : 1 - left;
    return { allowed, remaining: Math.floor(left), resetS: Math.ceil(missing / rate) };
  }
}

/** Limits each client address, and of IPv6 each network of 64 bits, with `RateLimit-*` headers on every answer. */
export function registerRateLimit(app: FastifyInstance, limit: RateLimit): void {
  const buckets = new TokenBuckets(limit);
  app.addHook('onRequest', (request, reply, done) => {
    const { allowed, remaining, resetS } = buckets.take(clientOf(request.ip));
    reply
      .header('ratelimit-limit', limit.burst)
      .header('ratelimit-remaining', remaining)
      .header('ratelimit-reset', resetS);
    if (allowed) {
      done();
      return;
    }
    reply.header('retry-after', resetS);
    throw new HttpError('TOO_MANY_REQUESTS', 'This address has used up its rate of requests.');
  });
}

/** What counts as one client: an IPv4 address, in IPv6 notation too, or the first 64 bits of an IPv6 address, which one subscriber has to himself. */
function clientOf(address: string): string {
  // Only IPv6 is taken apart: to parse every address costs more than all else here.
  if (!isIPv6(address) || !ipaddr.isValid(address)) return address;
  const parsed = ipaddr.process(address);
  return parsed instanceof ipaddr.IPv6 ? parsed.parts.slice(0, 4).join(':') : parsed.toString();
}
