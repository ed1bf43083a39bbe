import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { rm } from 'node:fs/promises';
import { resolve } from 'node:path';
import { createInterface } from 'node:readline';
import { build } from 'esbuild';

/** How long the agent may take. */
const DEADLINE_MS = 30_000;

/**
 * Runs an agent of a bundled program until it is ready, on loopback, so that the code cache beside the program has what a start needs.
 *
 * @throws {Error} when the agent does not get ready, with what it wrote to its standard error
 */
export async function warmCodeCache(program) {
  const maker = `${program}.warm.mjs`;
  await build({
    entryPoints: ['scripts/make-code-cache.ts'],
    bundle: true,
    platform: 'node',
    format: 'esm',
    outfile: maker,
  });
  try {
    await runUntilReady(maker, resolve(program));
  } finally {
    await rm(maker);
  }
}

async function runUntilReady(maker, program) {
  const env = Object.fromEntries(Object.entries(process.env).filter(([name]) => !name.startsWith('MUSTER_')));
  const agent = spawn(process.execPath, [maker, program], { env, stdio: ['ignore', 'pipe', 'pipe'] });
  const overdue = setTimeout(() => agent.kill('SIGKILL'), DEADLINE_MS);
  let errors = '';
  agent.stderr.setEncoding('utf8').on('data', (text) => {
    errors += text;
  });
  createInterface({ input: agent.stdout }).on('line', (line) => {
    if (line.includes('"msg":"ready"')) agent.kill('SIGTERM');
  });
  const [code, signal] = await once(agent, 'close');
  clearTimeout(overdue);
  if (code !== 0) throw new Error(`no code cache: the agent ended with ${signal ?? `exit code ${code}`}\n${errors}`);
}
