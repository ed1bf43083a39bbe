#!/usr/bin/env node
// What `muster` starts as: in a build this is `main.js`, beside the program in one file.
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { setFlagsFromString } from 'node:v8';
import { compileProgram, runProgram } from './compile-program.ts';
import { wantsStack } from './unexpected.ts';

const PROGRAM = join(import.meta.dirname, 'program.cjs');

/**
 * A burst makes V8's young generation grow, on Node.js 24 to 128 MiB, and it stays that large. A daemon beside others keeps it as it
 * begins. The flag is read at every collection, so it can be set late; and it must be, as V8 refuses a code cache of other flags.
 */
const STEADY_YOUNG_GENERATION = '--semi-space-growth-factor=1';

if (wantsStack(process.argv, process.env)) {
  // Stack traces are to name the sources. Node.js reads a source map only of what it loads itself.
  process.setSourceMapsEnabled(true);
  createRequire(import.meta.url)(PROGRAM);
} else {
  const script = compileProgram(PROGRAM);
  setFlagsFromString(STEADY_YOUNG_GENERATION);
  runProgram(script, PROGRAM);
}
