import { createHmac, randomBytes } from 'node:crypto';
import { Signer } from '@fastify/cookie';
import { err, ok, type Result } from '../../base/result.ts';
import type { FileKind } from '../reloaded-file.ts';

/** Fewer characters than this can not hold the 256 bits that HMAC-SHA256 wants of its key, in any usual spelling. */
const MIN_KEY = 43;
const MAX_KEY = 512;
const KEY = new RegExp(`^[\\x21-\\x7e]{${MIN_KEY},${MAX_KEY}}$`);
/** Each is tried on every cookie. */
const MAX_KEYS = 8;

/** The keys that sign sessions: the first one signs, all of them are taken, so that one can follow another. */
export class SessionKeys {
  readonly #keys: readonly [Buffer, ...Buffer[]];
  readonly #signer: Signer;

  private constructor(keys: readonly [Buffer, ...Buffer[]]) {
    this.#keys = keys;
    this.#signer = new Signer([...keys], 'sha256');
  }

  /** One key that nobody else has. */
  static random(): SessionKeys {
    return new SessionKeys([randomBytes(32)]);
  }

  /**
   * Reads a key file: a key a line. Empty lines and those that begin with `#` do not count.
   *
   * @returns the keys, or what is wrong and on which line; never the key itself
   */
  static parse(text: string): Result<SessionKeys, string> {
    const keys: Buffer[] = [];
    for (const [index, line] of text.split(/\r?\n/).entries()) {
      if (/^\s*(?:#|$)/.test(line)) continue;
      const problem = (what: string) => err(`line ${index + 1}: ${what}`);
      if (!KEY.test(line.trim())) return problem(`must be ${MIN_KEY} to ${MAX_KEY} visible characters without blanks`);
      keys.push(Buffer.from(line.trim()));
      if (keys.length > MAX_KEYS) return problem(`must be at most ${MAX_KEYS} keys`);
    }
    const [first, ...rest] = keys;
    return first === undefined ? err('it holds no key') : ok(new SessionKeys([first, ...rest]));
  }

  get size(): number {
    return this.#keys.length;
  }

  /** The key that signs. */
  get first(): Buffer {
    return this.#keys[0];
  }

  sign(text: string): string {
    return this.#signer.sign(text);
  }

  /** What was signed with any of the keys; undefined when it was with none. The signatures are compared in constant time. */
  unsign(signed: string): string | undefined {
    const { valid, value } = this.#signer.unsign(signed);
    return valid && value !== null ? value : undefined;
  }

  /** A mark by which the same bytes can be known again, and which tells nothing of them. */
  fingerprint(bytes: Buffer): string {
    return fingerprintBy(this.first, bytes);
  }

  /** Tells whether a mark is that of these bytes, by any of the keys. */
  isFingerprint(mark: string, bytes: Buffer): boolean {
    return this.#keys.some((key) => fingerprintBy(key, bytes) === mark);
  }
}

/** A file with session keys. */
export const SESSION_KEY_FILE: FileKind<SessionKeys> = {
  name: 'session key file',
  what: 'session_keys',
  parse: (text) => SessionKeys.parse(text),
  reloaded: ({ size }) => ({ code: 'HTTP_SESSION_KEYS_RELOADED', count: size }),
  unusable: { code: 'HTTP_SESSION_KEYS_UNUSABLE' },
};

function fingerprintBy(key: Buffer, bytes: Buffer): string {
  return createHmac('sha256', key).update(bytes).digest('base64url');
}
