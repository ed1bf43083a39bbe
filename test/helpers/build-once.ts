import { execFileSync } from 'node:child_process';

/** Builds the shipped program for all tests that start it as a process: once a run, however many projects ask for it. */
export default function buildOnce(): void {
  if (process.env['MUSTER_TEST_BUILT'] !== undefined) return;
  execFileSync(process.execPath, ['scripts/build.mjs'], { stdio: 'inherit' });
  process.env['MUSTER_TEST_BUILT'] = 'yes';
}
