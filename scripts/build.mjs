import { execFileSync } from 'node:child_process';
import { chmodSync, cpSync, readdirSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { buildSync } from 'esbuild';
import { bundleCommand } from './bundle.mjs';
import { warmCodeCache } from './warm-code-cache.mjs';

// Puts all that ships into dist/: the command as a bundle with its code cache, and the simulator, compiled file by file. It builds next to
// dist/ and then takes its place, so that whoever runs the program meanwhile has the old one or the new one, never half of it.
const tsc = createRequire(import.meta.url).resolve('typescript/bin/tsc');
const fresh = `dist.${process.pid}`;
try {
  execFileSync(process.execPath, [tsc, '-p', 'tsconfig.build.json', '--outDir', fresh], { stdio: 'inherit' });
  cpSync('src/http/views', `${fresh}/src/http/views`, { recursive: true });
  cpSync('src/http/assets', `${fresh}/src/http/assets`, { recursive: true });
  // What goes to browsers goes without its comments. Each file stays by itself, under its name.
  const forBrowsers = readdirSync('src/http/assets').filter((name) => /\.(?:js|css)$/.test(name));
  buildSync({
    entryPoints: forBrowsers.map((name) => `src/http/assets/${name}`),
    outdir: `${fresh}/src/http/assets`,
    allowOverwrite: true,
    minify: true,
    logLevel: 'warning',
  });
  cpSync('sim/scenarios', `${fresh}/sim/scenarios`, { recursive: true });
  writeFileSync(`${fresh}/THIRD-PARTY-LICENCES.txt`, await bundleCommand(`${fresh}/src/cli`));
  chmodSync(`${fresh}/src/cli/main.js`, 0o755);
  await warmCodeCache(`${fresh}/src/cli/program.cjs`);
  rmSync('dist', { recursive: true, force: true });
  renameSync(fresh, 'dist');
} finally {
  rmSync(fresh, { recursive: true, force: true });
}
