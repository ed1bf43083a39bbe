import { run } from './command.ts';

type Run = (command: readonly [string, ...string[]], input?: string) => string;

/**
 * Tells why this machine can not play the end-to-end scenarios, in words for whoever reads it; nothing when it can.
 *
 * @param uid of this process; undefined where there are none
 * @param trial a namespace that is made and removed again
 */
export function whatIsMissing(uid: number | undefined, trial: string, command: Run = run): string | undefined {
  if (uid !== 0) return 'it makes network namespaces, so it must run as root';
  try {
    command(['ip', 'netns', 'add', trial]);
  } catch (error) {
    return `\`ip netns add\` must work here (package iproute2, and the right to make namespaces): ${messageOf(error)}`;
  }
  try {
    command(['ip', 'netns', 'exec', trial, 'nft', '-f', '-'], 'table bridge faults\n');
  } catch (error) {
    return `\`nft\` must work in a namespace (package nftables, and bridge filters in the kernel): ${messageOf(error)}`;
  } finally {
    command(['ip', 'netns', 'delete', trial]);
  }
  return undefined;
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
