import { readFileSync } from 'node:fs';
import Module, { createRequire } from 'node:module';
import { dirname } from 'node:path';
import { Script } from 'node:vm';

/** Where the code cache of a program lies. */
export function codeCacheOf(program: string): string {
  return `${program}.cache`;
}

/**
 * Compiles a bundled program, in CommonJS, with the help of its code cache: what V8 had compiled when the program was built. V8
 * refuses a cache of another version or with other flags, and compiles as if there were none. The cache is only ever read here.
 *
 * @param program the file, in ASCII: text of one byte a character takes half the memory
 * @throws {Error} when the program can not be read or is no JavaScript
 */
export function compileProgram(program: string): Script {
  const cachedData = readIfThere(codeCacheOf(program));
  return new Script(Module.wrap(readFileSync(program, 'latin1')), {
    filename: program,
    ...(cachedData === undefined ? {} : { cachedData }),
  });
}

/** Runs a compiled program as `require` would. */
export function runProgram(script: Script, program: string): void {
  const run = script.runInThisContext() as (...scope: readonly unknown[]) => void;
  const module = { exports: {} };
  run(module.exports, createRequire(program), module, program, dirname(program));
}

function readIfThere(file: string): Buffer | undefined {
  try {
    return readFileSync(file);
  } catch {
    return undefined;
  }
}
