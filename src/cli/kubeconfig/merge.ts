import type { KubeconfigDocument } from './document.ts';
import type { Entry } from './entries.ts';

/** What an entry of ours would take the place of, or whose user's credentials would go elsewhere by it. Texts may be anything. */
export interface Replacement {
  readonly kind: 'cluster' | 'context';
  readonly name: string;
  /** The server, or the context's cluster, that is there; empty where there is none. */
  readonly from: string;
  readonly to: string;
}

/** What some entries would do to a kubeconfig. */
export interface MergePlan {
  /** Names of entries that are new in whole or in part, and take nothing's place. */
  readonly added: readonly string[];
  readonly replaced: readonly Replacement[];
  /** Names of entries that are there already. */
  readonly unchanged: readonly string[];
}

/**
 * Compares entries with a kubeconfig. A cluster that already has the server, and a context that already is for the cluster, stay as
 * they are, with certificates, user and namespace.
 */
export function planMerge(document: KubeconfigDocument, entries: readonly Entry[]): MergePlan {
  const added: string[] = [];
  const unchanged: string[] = [];
  const replaced: Replacement[] = [];
  for (const { name, server } of entries) {
    const [is, context] = [document.serverOf(name), document.clusterOf(name)];
    const before = replaced.length;
    if (is !== server && (is !== undefined || document.isUsed(name))) {
      replaced.push({ kind: 'cluster', name, from: is ?? '', to: server });
    }
    if (context !== undefined && context !== name) replaced.push({ kind: 'context', name, from: context, to: name });
    if (replaced.length > before) continue;
    if (is === server && context === name) unchanged.push(name);
    else added.push(name);
  }
  return { added, replaced, unchanged };
}

/** Puts entries into a kubeconfig. What is there already stays as it is. */
export function applyEntries(document: KubeconfigDocument, entries: readonly Entry[]): void {
  for (const { name, server } of entries) {
    if (document.serverOf(name) !== server) document.setCluster(name, server);
    if (document.clusterOf(name) !== name) document.setContext(name, name);
  }
}
