import { isIP } from 'node:net';
import { err, ok, type Result } from '../base/result.ts';
import { isLoopback } from './address.ts';
import { type Kind, single, text } from './kind.ts';
import type { ConfigProblem } from './problem.ts';

const MAX_PATH = 4_096;
const MAX_URL = 2_048;
const MAX_WORD = 256;

/** The path of a file or folder. */
export const PATH: Kind<string> = text<string>(
  `a path of 1 to ${MAX_PATH} characters without control characters`,
  (given) => given !== '' && given.length <= MAX_PATH && !/\p{Cc}/u.test(given),
  (given) => given,
);

/** A name without blanks, such as an audience or a scope. */
export const WORD: Kind<string> = text<string>(
  `1 to ${MAX_WORD} visible ASCII characters without blanks`,
  (given) => /^[\x21-\x7e]+$/.test(given) && given.length <= MAX_WORD,
  (given) => given,
);

/** Where keys and their issuer are. Plain HTTP is for an issuer on the same machine only: who changes the keys owns the login. */
export const WEB_URL: Kind<string> = single({
  shape: 'text',
  expects: 'an https:// URL without credentials, or an http:// one of this machine',
  parse: (given) => (isTrustworthyUrl(given) ? ok(given) : err('must be an https:// URL without credentials')),
  show: (value) => value,
  mask: (given) => given.replace(/^.*@/s, '…@'),
});

/** Any number of web origins. */
export const ORIGINS: Kind<readonly string[]> = listOf(
  'a list of origins, such as https://console.example.com',
  (given) => {
    const url = urlOf(given);
    return url !== undefined && /^https?:$/.test(url.protocol) && url.origin === given;
  },
);

/** Any number of addresses and networks. */
export const NETWORKS: Kind<readonly string[]> = listOf(
  'a list of IP addresses or networks, such as 10.0.0.7 or 10.1.0.0/16',
  (given) => {
    const [address = '', bits, ...rest] = given.split('/');
    const version = isIP(address);
    if (version === 0 || rest.length > 0) return false;
    return bits === undefined || (/^\d{1,3}$/.test(bits) && Number(bits) <= (version === 4 ? 32 : 128));
  },
);

function isTrustworthyUrl(given: string): boolean {
  const url = urlOf(given);
  if (url === undefined || url.username !== '' || url.password !== '' || url.hash !== '') return false;
  return url.protocol === 'https:' || (url.protocol === 'http:' && isLoopback(url.hostname.replaceAll(/[[\]]/g, '')));
}

function urlOf(given: string): URL | undefined {
  return given.length <= MAX_URL && URL.canParse(given) ? new URL(given) : undefined;
}

function listOf(expects: string, isAllowed: (text: string) => boolean): Kind<readonly string[]> {
  return {
    shape: 'list',
    expects,
    read(given, quote): Result<readonly string[], readonly ConfigProblem[]> {
      const problems = given
        .filter(({ text }) => !isAllowed(text))
        .map(({ at, text }): ConfigProblem => {
          return { code: 'MUSTER_CONFIG_VALUE', source: at, message: `must be ${expects}, got ${quote(text)}` };
        });
      return problems.length > 0 ? err(problems) : ok([...new Set(given.map(({ text }) => text))]);
    },
    show: (value) => value,
  };
}
