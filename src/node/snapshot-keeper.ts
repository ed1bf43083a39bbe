import type { Logger } from 'pino';
import type { Metrics } from '../observability/metrics.ts';
import { type Snapshot, writeSnapshot } from './snapshot.ts';

/** Between two writes at the least. */
const MIN_GAP_MS = 1_000;
/** Before the next try after a write that failed. */
const RETRY_MS = 10_000;

/** Keeps the snapshot of a data directory up to date: on change, at most once a second, one write at a time. */
export class SnapshotKeeper {
  readonly #directory: string;
  readonly #read: () => Snapshot;
  readonly #logger: Logger;
  readonly #metrics: Metrics;
  #timer: NodeJS.Timeout | undefined;
  #writing: Promise<void> = Promise.resolve();
  #failing = false;
  #closed = false;

  /** @param read gives what is to be written, at the moment of writing */
  constructor(directory: string, read: () => Snapshot, logger: Logger, metrics: Metrics) {
    this.#directory = directory;
    this.#read = read;
    this.#logger = logger;
    this.#metrics = metrics;
  }

  /** Something has changed: it is written within a second. */
  changed(): void {
    this.#writeIn(MIN_GAP_MS);
  }

  /** Writes what is still unwritten, and nothing after. */
  async close(): Promise<void> {
    this.#closed = true;
    clearTimeout(this.#timer);
    this.#enqueue();
    await this.#writing;
  }

  #writeIn(delay: number): void {
    if (this.#closed) return;
    this.#timer ??= setTimeout(() => {
      this.#timer = undefined;
      this.#enqueue();
    }, delay);
  }

  #enqueue(): void {
    this.#writing = this.#writing.then(async () => this.#write());
  }

  /** A disk that is full or read-only is told once, and once more when it works again; the node runs on. */
  async #write(): Promise<void> {
    try {
      await writeSnapshot(this.#directory, this.#read());
    } catch (error) {
      this.#metrics.snapshotWrites.inc({ result: 'failed' });
      if (!this.#failing) {
        const problem = error instanceof Error ? error.message : String(error);
        this.#logger.error({ code: 'SNAPSHOT_NOT_WRITTEN', problem }, 'the snapshot can not be written');
      }
      this.#failing = true;
      this.#writeIn(RETRY_MS);
      return;
    }
    this.#metrics.snapshotWrites.inc({ result: 'ok' });
    if (this.#failing) this.#logger.info({ code: 'SNAPSHOT_WRITTEN' }, 'the snapshot is written again');
    this.#failing = false;
  }
}
