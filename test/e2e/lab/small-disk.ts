import { rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { run } from './command.ts';
import { namespaceName } from './namespaces.ts';

const BYTES = 256 << 10;

/** A file system of its own that is small enough to be filled, for the data directory of an agent. */
export class SmallDisk {
  readonly path: string;

  /** @param path an empty directory that it takes the place of */
  constructor(path: string) {
    this.path = path;
    run(['mount', '-t', 'tmpfs', '-o', `size=${BYTES}`, namespaceName('disk'), path]);
  }

  /** Leaves no room for anything more. */
  fill(): void {
    try {
      // A write that does not fit takes what room there is before it fails.
      writeFileSync(this.#ballast, Buffer.alloc(2 * BYTES));
    } catch (error) {
      if (!(error instanceof Error && 'code' in error && error.code === 'ENOSPC')) throw error;
    }
  }

  /** Makes room again. */
  empty(): void {
    rmSync(this.#ballast);
  }

  makeReadOnly(): void {
    run(['mount', '-o', 'remount,ro', this.path]);
  }

  /** @param pid of a program that was started meanwhile: its namespace has a read-only mount of its own */
  makeWritable(pid: number): void {
    run(['mount', '-o', 'remount,rw', this.path]);
    run(['nsenter', '--mount', '--target', String(pid), 'mount', '-o', 'remount,rw', this.path]);
  }

  /** Lazily, for a process that was killed may not be gone yet. */
  remove(): void {
    run(['umount', '--lazy', this.path]);
  }

  get #ballast(): string {
    return join(this.path, 'ballast');
  }
}
