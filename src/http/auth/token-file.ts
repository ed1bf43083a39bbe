import type { FileKind } from '../reloaded-file.ts';
import { TokenSet } from './tokens.ts';

/** A file with bearer tokens. */
export const TOKEN_FILE: FileKind<TokenSet> = {
  name: 'token file',
  what: 'tokens',
  parse: (text) => TokenSet.parse(text),
  reloaded: ({ size }) => ({ code: 'HTTP_TOKENS_RELOADED', count: size }),
  unusable: { code: 'HTTP_TOKENS_UNUSABLE' },
};
