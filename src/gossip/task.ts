import type { Millis, NodeId } from '../base/brands.ts';

/**
 * What the core plans for later. A task carries the time at which its reason began (`since`); when that reason has changed
 * meanwhile, the task is stale and does nothing.
 */
export type Task =
  | { readonly kind: 'join' }
  | { readonly kind: 'tellNews' }
  /** A suspicion has been held for its time. */
  | { readonly kind: 'sentence'; readonly id: NodeId; readonly since: Millis }
  /** A death has been shown for its time. */
  | { readonly kind: 'retire'; readonly id: NodeId; readonly since: Millis }
  | { readonly kind: 'leaveTimeout' };
