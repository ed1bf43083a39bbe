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

const tell = (message: CrowdMessage): boolean | undefined => process.send?.(message);
process.once('message', (request: CrowdRequest) => void live(request));
process.once('disconnect', () => process.exit());

async function live({ ids, join }: CrowdRequest): Promise<void> {
  for (const id of ids) await start(id, join);
  tell('started');
}

async function start(observer: string, join: string): Promise<void> {
  const node = localNode({ id: observer, join: [join] });
  const alive = new Set<string>();
  node.onMemberChanged((member) => {
    const shown = node.member(member);
    const saw = (sight: Sight): boolean | undefined => tell({ observer, sight, member });
    if (shown?.state === 'HEALTHY') saw(alive.has(member) ? 'updated' : 'appeared');
    else if (shown?.state === 'DEAD') saw(shown.left ? 'left' : 'dead');
    if (shown?.state === 'HEALTHY') alive.add(member);
    else alive.delete(member);
  });
  await node.start();
}
