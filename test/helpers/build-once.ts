import { execFileSync } from 'node:child_process';

/** Builds the shipped program once for all tests that start it as a process. */
export default function buildOnce(): void {
  execFileSync(process.execPath, ['scripts/build.mjs'], { stdio: 'inherit' });
}
