import { readFile } from 'node:fs/promises';
import type { Logger } from 'pino';
import type { Result } from '../base/result.ts';
import type { Metrics } from '../observability/metrics.ts';
import { watchFiles } from './watched-files.ts';

/** A kind of file whose content may change while the process runs. */
export interface FileKind<Value> {
  /** In words: "token file". */
  readonly name: string;
  /** In the metric of reloads. */
  readonly what: string;
  /** Reads the content, or says what is wrong; never with what is secret in it. */
  readonly parse: (text: string) => Result<Value, string>;
  /** What the log says beside the words when it was read again, and when it could not be. */
  readonly reloaded: (value: Value) => { readonly code: string };
  readonly unusable: { readonly code: string };
}

/** What stands in a file, always as it stands there now. A file that becomes unreadable or wrong leaves what was good last. */
export class ReloadedFile<Value> {
  readonly #path: string;
  readonly #kind: FileKind<Value>;
  readonly #logger: Logger;
  readonly #metrics: Metrics;
  readonly #unwatch: () => void;
  #current: Value;

  private constructor(path: string, kind: FileKind<Value>, current: Value, logger: Logger, metrics: Metrics) {
    this.#path = path;
    this.#kind = kind;
    this.#current = current;
    this.#logger = logger;
    this.#metrics = metrics;
    this.#unwatch = watchFiles([path], () => void this.reload());
  }

  /** @throws {Error} when the file can not be read or is wrong, with one line that says why */
  static async open<Value>(
    path: string,
    kind: FileKind<Value>,
    logger: Logger,
    metrics: Metrics,
  ): Promise<ReloadedFile<Value>> {
    return new ReloadedFile(path, kind, await read(path, kind), logger, metrics);
  }

  get current(): Value {
    return this.#current;
  }

  /** Reads the file again. It never rejects. */
  async reload(): Promise<void> {
    const { what, name, reloaded, unusable } = this.#kind;
    try {
      this.#current = await read(this.#path, this.#kind);
      this.#metrics.httpReloads.inc({ what, result: 'ok' });
      this.#logger.info(reloaded(this.#current), `read the ${name} again`);
    } catch (error) {
      this.#metrics.httpReloads.inc({ what, result: 'failed' });
      const problem = error instanceof Error ? error.message : String(error);
      this.#logger.error({ ...unusable, problem }, `the ${name} can not be used; what it held before stays`);
    }
  }

  close(): void {
    this.#unwatch();
  }
}

async function read<Value>(path: string, { name, parse }: FileKind<Value>): Promise<Value> {
  const parsed = parse(await readFile(path, 'utf8'));
  if (!parsed.ok) throw new Error(`the ${name} ${path} is wrong: ${parsed.error}`);
  return parsed.value;
}
