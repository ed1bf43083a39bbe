import type { NodeId } from '../../base/brands.ts';
import type { NodeMetadata } from '../../base/metadata.ts';
import type { BootstrapTarget } from '../../gossip/input.ts';

/** What the HTTP face can make a node do. */
export interface ControlPort {
  /** What the node tells of its cluster. */
  metadata(): NodeMetadata;
  /** Tells something else from now on. The metadata are checked already. */
  setMetadata(metadata: NodeMetadata): void;
  /** Tries further targets to find other nodes by. */
  join(targets: readonly BootstrapTarget[]): void;
  /** Leaves the mesh; the node goes on to serve. Gives the number of peers that have acknowledged it, also when asked again. */
  leave(): Promise<number>;
  /** Takes a dead member from every memberlist. Does nothing to a live one, and to one that is not shown. */
  forget(id: NodeId): 'forgotten' | 'alive' | 'unknown';
}
