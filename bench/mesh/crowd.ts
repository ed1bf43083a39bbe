import { setTimeout as delay } from 'node:timers/promises';
import { localNode } from '../../test/helpers/local-node.ts';
import type { Sight } from './sightings.ts';

/** What a process that holds several nodes is asked for. */
export interface CrowdRequest {
  readonly ids: readonly string[];
  /** Where they join the mesh. */
  readonly join: string;
}

/** What it tells: that all of its nodes have started, or what one of them has seen of a member. */
export type CrowdMessage = 'started' | { readonly observer: string; readonly sight: Sight; readonly member: string };

/** Between the starts of two nodes. */
const PACE_MS = 700;

// The stack of an error costs many times as much with them, and an agent has none.
process.setSourceMapsEnabled(false);
const tell = (message: CrowdMessage): boolean | undefined => process.send?.(message);
process.once('message', (request: CrowdRequest) => void live(request));
process.once('disconnect', () => process.exit());

async function live({ ids, join }: CrowdRequest): Promise<void> {
  for (const id of ids) {
    await start(id, join);
    // Every newcomer costs everybody something, and here all share the cores: at once they would only miss each other's deadlines.
    await delay(PACE_MS);
  }
  tell('started');
}

async function start(observer: string, join: string): Promise<void> {
  const node = localNode({ id: observer, join: [join] });
  const known = new Set<string>();
  node.onMemberChanged((member) => {
    const shown = node.member(member);
    const saw = (sight: Sight): boolean | undefined => tell({ observer, sight, member });
    if (shown?.state === 'HEALTHY') saw(known.has(member) ? 'updated' : 'appeared');
    else if (shown?.state === 'DEAD') saw(shown.left ? 'left' : 'dead');
    if (shown?.state === 'HEALTHY') known.add(member);
  });
  await node.start();
  await node.ready;
}
