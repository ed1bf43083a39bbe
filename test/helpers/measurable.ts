import { setTimeout as delay } from 'node:timers/promises';
import type { AgentProcess } from './agent-process.ts';

/**
 * Variables of an agent that let its resident memory tell what is in use: garbage is collected when asked, glibc gives freed large
 * blocks back, and V8 keeps no more than 8 MiB of empty young generation (Node 24 keeps over 100 MiB of it resident for later, with
 * 24 MiB in use before and after).
 */
export const MEASURABLE = {
  NODE_OPTIONS: `--max-semi-space-size=8 --import=${new URL('collect-garbage.mjs', import.meta.url).href}`,
  MALLOC_MMAP_THRESHOLD_: '131072',
  MALLOC_TRIM_THRESHOLD_: '131072',
};

/** A fall by less than this, bytes, is none. */
const FALL = 2 ** 18;
const LOOKS = 40;

/** The least resident memory that is seen while an agent collects its garbage: until it has not fallen for five looks. */
export async function settledMemory(agent: AgentProcess): Promise<number> {
  let least = Number.POSITIVE_INFINITY;
  let sinceFall = 0;
  for (let look = 0; look < LOOKS && sinceFall < 5; look += 1) {
    agent.kill('SIGUSR2');
    await delay(300);
    const metrics = await agent.metrics();
    const seen = metrics.value('process_resident_memory_bytes');
    sinceFall = seen < least - FALL ? 0 : sinceFall + 1;
    least = Math.min(least, seen);
  }
  return least;
}
