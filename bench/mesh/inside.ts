import { execFileSync } from 'node:child_process';
import { type LifePlan, life } from './life.ts';
import { musterProgram } from './muster.ts';
import { serfProgram } from './serf.ts';

/** What the process outside asks for, one mesh at a time. */
export interface MeshRequest extends LifePlan {
  /** `serf`, or the file of the command `muster`. */
  readonly program: string;
  /** Muster's gossip interval, ms; undefined for its default. */
  readonly interval: number | undefined;
}

// The first process of a network namespace of its own: whatever goes over its loopback is the mesh's. With it all agents end.
execFileSync('ip', ['link', 'set', 'lo', 'up']);
process.on('message', (request: MeshRequest) => void answer(request));
process.on('disconnect', () => process.exit());
process.send?.('up');

async function answer({ program, interval, ...plan }: MeshRequest): Promise<void> {
  try {
    process.send?.({ figures: await life(program === 'serf' ? serfProgram : musterProgram(program, interval), plan) });
  } catch (error) {
    process.send?.({ problem: error instanceof Error ? (error.stack ?? error.message) : String(error) });
  }
}
