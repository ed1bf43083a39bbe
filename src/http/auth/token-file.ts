import { readFile } from 'node:fs/promises';
import type { Logger } from 'pino';
import type { Metrics } from '../../observability/metrics.ts';
import { watchFiles } from '../watched-files.ts';
import { TokenSet } from './tokens.ts';

/** The tokens of a file, always those that stand there now. A file that becomes unreadable or wrong leaves the last good ones. */
export class TokenFile {
  readonly #path: string;
  readonly #logger: Logger;
  readonly #metrics: Metrics;
  readonly #unwatch: () => void;
  #tokens: TokenSet;

  private constructor(path: string, tokens: TokenSet, logger: Logger, metrics: Metrics) {
    this.#path = path;
    this.#tokens = tokens;
    this.#logger = logger;
    this.#metrics = metrics;
    this.#unwatch = watchFiles([path], () => void this.reload());
  }

  /** @throws {Error} when the file can not be read or is wrong, with one line that says why */
  static async open(path: string, logger: Logger, metrics: Metrics): Promise<TokenFile> {
    return new TokenFile(path, await readTokens(path), logger, metrics);
  }

  get tokens(): TokenSet {
    return this.#tokens;
  }

  /** Reads the file again. It never rejects. */
  async reload(): Promise<void> {
    try {
      this.#tokens = await readTokens(this.#path);
      this.#metrics.httpReloads.inc({ what: 'tokens', result: 'ok' });
      this.#logger.info({ code: 'HTTP_TOKENS_RELOADED', count: this.#tokens.size }, 'read the token file again');
    } catch (error) {
      this.#metrics.httpReloads.inc({ what: 'tokens', result: 'failed' });
      const problem = error instanceof Error ? error.message : String(error);
      this.#logger.error({ code: 'HTTP_TOKENS_UNUSABLE', problem }, 'the former tokens stay');
    }
  }

  close(): void {
    this.#unwatch();
  }
}

async function readTokens(path: string): Promise<TokenSet> {
  const parsed = TokenSet.parse(await readFile(path, 'utf8'));
  if (!parsed.ok) throw new Error(`the token file ${path} is wrong: ${parsed.error}`);
  return parsed.value;
}
