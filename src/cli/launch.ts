#!/usr/bin/env node
// What `muster` starts as: in a build this is `main.js`, beside the program in one file.
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { wantsTracing } from '../observability/tracing-wanted.ts';
import { compileProgram, runProgram } from './compile-program.ts';
import { wantsStack } from './unexpected.ts';

const PROGRAM = join(import.meta.dirname, wantsTracing(process.env) ? 'traced.cjs' : 'program.cjs');

if (wantsStack(process.argv, process.env)) {
  // Stack traces are to name the sources. Node.js reads a source map only of what it loads itself.
  process.setSourceMapsEnabled(true);
  createRequire(import.meta.url)(PROGRAM);
} else {
  runProgram(compileProgram(PROGRAM), PROGRAM);
}
