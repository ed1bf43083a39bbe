import type { Logger } from 'pino';
import type { Now } from '../base/brands.ts';
import type { CoreSetup } from '../gossip/core.ts';
import type { Effect } from '../gossip/effect.ts';
import type { Input } from '../gossip/input.ts';
import { headerLine, stepLine } from '../wire/recording.ts';
import type { RecordingFile } from './recording-file.ts';

/**
 * Writes down what a core is made of, every input that it takes in and what it makes of it, so that the simulator can feed the same to
 * another core. Whatever goes wrong with that ends the recording, with one line in the log, and never the node.
 */
export class Recorder {
  readonly #file: RecordingFile;
  readonly #musterVersion: string;
  #steps = 0;

  constructor(file: RecordingFile, musterVersion: string, logger: Logger) {
    this.#file = file;
    this.#musterVersion = musterVersion;
    file.onFailure = (problem) => {
      logger.error({ code: 'RECORD_FAILED', file: file.path, problem }, 'the recording ends here; the node runs on');
    };
  }

  /** The core is made. Once, before its first input. */
  begin(setup: Omit<CoreSetup, 'random'>, seed: number): void {
    this.#write(() =>
      headerLine({
        musterVersion: this.#musterVersion,
        nodeVersion: process.version,
        startedAt: new Date(setup.now.wall).toISOString(),
        seed,
        ...setup,
      }),
    );
  }

  /** The core took in an input. */
  took(input: Input, now: Now, effects: readonly Effect[]): void {
    this.#steps += 1;
    this.#write(() => stepLine(this.#steps, now, input, { effects }));
  }

  /** The core met a mistake of its own. The process may end of it, so this is on disk before the call returns. */
  threw(input: Input, now: Now, error: unknown): void {
    this.#steps += 1;
    const threw = error instanceof Error ? error.message : String(error);
    this.#write(() => stepLine(this.#steps, now, input, { threw }));
    this.#file.flushNow();
  }

  /** Writes what is still in memory. */
  async close(): Promise<void> {
    await this.#file.close();
  }

  #write(line: () => string): void {
    try {
      this.#file.append(line());
    } catch (error) {
      this.#file.fail(error instanceof Error ? error.message : String(error));
    }
  }
}
