import rateLimit, { type FastifyRateLimitStore } from '@fastify/rate-limit';
import type { FastifyInstance } from 'fastify';
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

/**
 * Counts for the plugin by token buckets, where its own store counts by fixed windows: a bucket holds `burst` requests and fills by
 * `rate` a second, so no client gets twice its share around the edge of a window.
 */
export class TokenBuckets implements FastifyRateLimitStore {
  readonly #limit: RateLimit;
  readonly #now: () => number;
  /** The one used longest ago first. */
  readonly #buckets = new Map<string, Bucket>();

  /** @param now monotonic, in milliseconds */
  constructor(limit: RateLimit, now: () => number = () => performance.now()) {
    this.#limit = limit;
    this.#now = now;
  }

  /** Takes one request out of a client's bucket. `ttl` is when it is full again, or, when it is empty, when there is one more. */
  incr(client: string, callback: (error: Error | null, result: { current: number; ttl: number }) => void): void {
    const { rate, burst } = this.#limit;
    const now = this.#now();
    const last = this.#buckets.get(client) ?? { tokens: burst, at: now };
    const tokens = Math.min(burst, last.tokens + ((now - last.at) * rate) / 1_000);
    const left = tokens >= 1 ? tokens - 1 : tokens;
    this.#buckets.delete(client);
    this.#buckets.set(client, { tokens: left, at: now });
    if (this.#buckets.size > MAX_CLIENTS) {
      const oldest = this.#buckets.keys().next();
      if (oldest.done !== true) this.#buckets.delete(oldest.value);
    }
    const missing = tokens >= 1 ? burst - left : 1 - left;
    const current = tokens >= 1 ? burst - Math.floor(left) : burst + 1;
    callback(null, { current, ttl: Math.ceil((missing * 1_000) / rate) });
  }

  /** All routes share the buckets. */
  child(): this {
    return this;
  }
}

/** Limits each client address, with `RateLimit-*` headers on every answer. */
export function registerRateLimit(app: FastifyInstance, limit: RateLimit): void {
  app.register(rateLimit, {
    global: false,
    enableDraftSpec: true,
    max: limit.burst,
    store: class extends TokenBuckets {
      constructor() {
        super(limit);
      }
    },
    errorResponseBuilder: () => new HttpError('TOO_MANY_REQUESTS', 'This address has used up its rate of requests.'),
  });
  app.after(() => {
    app.addHook('onRequest', app.rateLimit());
  });
}
