import { join } from 'node:path';
import { err, ok, type Result } from '../../base/result.ts';
import { type NodeAccess, type NodeFlags, type NodeVariables, nodeAccess } from '../client/node-access.ts';

/** The flags of `muster kubeconfig` as they were given. */
export interface KubeconfigFlags extends NodeFlags {
  readonly selector?: string;
  readonly file?: string;
  readonly merge?: boolean;
  readonly yes?: boolean;
}

/** What `muster kubeconfig` is to do. */
export interface KubeconfigRequest {
  readonly node: NodeAccess;
  readonly selector?: string | undefined;
  /** Where to write; absent: to standard output. */
  readonly target?: { readonly path: string; readonly merge: boolean };
  /** Whether what is there may be replaced without asking. */
  readonly yes: boolean;
}

interface Variables extends NodeVariables {
  readonly KUBECONFIG?: string | undefined;
}

/**
 * Checks what was asked of `muster kubeconfig`.
 *
 * @param system the home directory, and what stands between paths in a variable
 * @returns the request, or one line for every mistake, safe to print
 */
export function parseKubeconfigFlags(
  { selector, file, merge = false, yes = false, ...flags }: KubeconfigFlags,
  env: Variables,
  system: { readonly home: string; readonly delimiter: string },
): Result<KubeconfigRequest, readonly string[]> {
  const node = nodeAccess(flags, env);
  const problems = [...(file === '' ? ['--file: must be a path'] : []), ...(node.ok ? [] : node.error)];
  if (problems.length > 0 || !node.ok) return err(problems);
  const usual = (env.KUBECONFIG ?? '').split(system.delimiter).find((path) => path !== '');
  const path = file ?? (merge ? (usual ?? join(system.home, '.kube', 'config')) : undefined);
  return ok({ node: node.value, selector, yes, ...(path === undefined ? {} : { target: { path, merge } }) });
}
