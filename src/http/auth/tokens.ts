import { createHash, timingSafeEqual } from 'node:crypto';
import { err, ok, type Result } from '../../base/result.ts';
import type { Rights } from './principal.ts';

/** Fewer characters than this can be guessed. */
const MIN_TOKEN = 16;
const MAX_TOKEN = 512;
/** What a bearer token may be made of (RFC 6750, section 2.1). */
const TOKEN = new RegExp(`^[A-Za-z0-9._~+/=-]{${MIN_TOKEN},${MAX_TOKEN}}$`);
const MAX_TOKENS = 1_000;

/** A token of the file. */
export interface KnownToken {
  readonly digest: Buffer;
  readonly rights: Rights;
}

/** The bearer tokens of a node. It keeps their digests only. */
export class TokenSet {
  readonly #known: readonly KnownToken[];

  private constructor(known: readonly KnownToken[]) {
    this.#known = known;
  }

  /**
   * Reads a token file: a token a line, after its rights, `read` or `read-write`. Empty lines and those that begin with `#` do not
   * count.
   *
   * @returns the tokens, or what is wrong and on which line; never the token itself
   */
  static parse(text: string): Result<TokenSet, string> {
    const known: KnownToken[] = [];
    for (const [index, line] of text.split(/\r?\n/).entries()) {
      if (/^\s*(?:#|$)/.test(line)) continue;
      const [rights, token = '', ...rest] = line.trim().split(/\s+/);
      const problem = (what: string) => err(`line ${index + 1}: ${what}`);
      if (rights !== 'read' && rights !== 'read-write') return problem('must begin with "read" or "read-write"');
      if (rest.length > 0) return problem('must be two words, the rights and the token');
      if (!TOKEN.test(token)) {
        return problem(`the token must be ${MIN_TOKEN} to ${MAX_TOKEN} letters, digits or any of ._~+/=-`);
      }
      known.push({ digest: digestOf(token), rights });
      if (known.length > MAX_TOKENS) return problem(`must be at most ${MAX_TOKENS} tokens`);
    }
    return ok(new TokenSet(known));
  }

  get size(): number {
    return this.#known.length;
  }

  /**
   * Looks for a token that was presented. It takes the same time wherever the tokens differ and whichever of them it is: digests of
   * equal length are compared, all of them.
   *
   * @returns what the token allows and its digest, or undefined when it is not known
   */
  find(presented: string): KnownToken | undefined {
    const digest = digestOf(presented);
    return this.findBy((known) => timingSafeEqual(known, digest));
  }

  /** Looks for a token by its digest. Every one of them is looked at. */
  findBy(isIt: (digest: Buffer) => boolean): KnownToken | undefined {
    let found: KnownToken | undefined;
    for (const known of this.#known) {
      if (isIt(known.digest)) found = known;
    }
    return found;
  }
}

/** SHA-256 of a token. */
export function digestOf(token: string): Buffer {
  return createHash('sha256').update(token).digest();
}
