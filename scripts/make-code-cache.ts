import { writeFileSync } from 'node:fs';
import v8 from 'node:v8';
import { codeCacheOf, compileProgram, runProgram } from '../src/cli/compile-program.ts';

// Runs an agent of a bundled program, and when it ends writes down what V8 has compiled for it. `build.mjs` ends it once it is ready.
const [, , program = ''] = process.argv;
const anyPort = '127.0.0.1:0';
process.argv = [process.execPath, program, 'agent', '--gossip-bind', anyPort, '--http-bind', anyPort];
// V8 writes its flags into the cache, and takes it only where they are the same: at a start, when none has been set yet.
v8.setFlagsFromString = () => undefined;
const script = compileProgram(program);
process.once('exit', () => writeFileSync(codeCacheOf(program), script.createCachedData()));
runProgram(script, program);
