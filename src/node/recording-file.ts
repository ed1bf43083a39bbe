import { writeSync } from 'node:fs';
import { type FileHandle, open, unlink } from 'node:fs/promises';

/** What may wait in memory for the disk. A line of a mesh of ten thousand has about ten megabytes. */
const MAX_UNWRITTEN_BYTES = 64 << 20;

/**
 * A new file that text is appended to without waiting. What the disk has not taken yet waits in memory, up to a bound; when that is
 * reached, or when the disk fails, the file ends there.
 */
export class RecordingFile {
  readonly path: string;
  /** Is told, once, why the file ended before its time. */
  onFailure: (problem: string) => void = () => undefined;
  readonly #handle: FileHandle;
  #waiting: Buffer[] = [];
  /** What is being written, beginning at {@link #position}. */
  #batch = Buffer.alloc(0);
  #position = 0;
  #unwritten = 0;
  #writing: Promise<void> | undefined;
  #untouched = true;
  #ended = false;
  #failed = false;

  private constructor(path: string, handle: FileHandle) {
    this.path = path;
    this.#handle = handle;
  }

  /**
   * Makes the file, for its owner's eyes only.
   *
   * @throws {Error} as of `node:fs` when it can not be made; `EEXIST` when there is something at the path already
   */
  static async create(path: string): Promise<RecordingFile> {
    return new RecordingFile(path, await open(path, 'wx', 0o600));
  }

  append(text: string): void {
    if (this.#ended) return;
    this.#untouched = false;
    const bytes = Buffer.from(text);
    this.#unwritten += bytes.length;
    if (this.#unwritten > MAX_UNWRITTEN_BYTES) {
      this.fail(`the disk is more than ${MAX_UNWRITTEN_BYTES >> 20} MiB behind`);
      return;
    }
    this.#waiting.push(bytes);
    this.#writing ??= this.#drain();
  }

  /** Ends the file and says why. What is waiting for the disk is let go. */
  fail(problem: string): void {
    this.#ended = true;
    this.#waiting = [];
    if (this.#failed) return;
    this.#failed = true;
    this.onFailure(problem);
  }

  /** Writes at once, and waits for it, what is still in memory, for the process may be about to end. Nothing is taken after. */
  flushNow(): void {
    if (this.#ended) return;
    try {
      // A write that is under way puts the same bytes in the same place.
      let position = this.#position;
      for (const bytes of [this.#batch, ...this.#waiting]) {
        for (let from = 0; from < bytes.length; ) {
          const written = writeSync(this.#handle.fd, bytes, from, bytes.length - from, position);
          from += written;
          position += written;
        }
      }
    } catch (error) {
      this.fail(messageOf(error));
    }
    this.#ended = true;
    this.#waiting = [];
  }

  /** Writes what is still in memory and closes the file. One that nothing was ever written to goes. */
  async close(): Promise<void> {
    this.#ended = true;
    await this.#writing;
    try {
      await this.#handle.close();
      if (this.#untouched) await unlink(this.path);
    } catch (error) {
      this.fail(messageOf(error));
    }
  }

  async #drain(): Promise<void> {
    try {
      while (this.#waiting.length > 0) {
        this.#batch = Buffer.concat(this.#waiting);
        this.#waiting = [];
        for (let from = 0; from < this.#batch.length; ) {
          const { bytesWritten } = await this.#handle.write(this.#batch, from, undefined, this.#position + from);
          from += bytesWritten;
        }
        this.#position += this.#batch.length;
        this.#unwritten -= this.#batch.length;
        this.#batch = Buffer.alloc(0);
      }
    } catch (error) {
      this.fail(messageOf(error));
    } finally {
      this.#writing = undefined;
    }
  }
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
