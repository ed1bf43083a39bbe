import { execFileSync } from 'node:child_process';
import { chmodSync, cpSync, rmSync } from 'node:fs';
import { createRequire } from 'node:module';

// Compiles src/ to dist/src/ and puts beside it what the compiler does not copy.
const tsc = createRequire(import.meta.url).resolve('typescript/bin/tsc');
rmSync('dist', { recursive: true, force: true });
execFileSync(process.execPath, [tsc, '-p', 'tsconfig.build.json'], { stdio: 'inherit' });
cpSync('src/http/views', 'dist/src/http/views', { recursive: true });
chmodSync('dist/src/cli/main.js', 0o755);
